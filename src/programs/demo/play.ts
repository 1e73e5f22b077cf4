import { transparentDevice } from './acts/camera.js';
import { bothAtOnce, secondAuthority } from './acts/enterprise.js';
import {
  addAndDelete,
  change,
  deviceReports,
  execute,
  firstContact,
  inventoryObject,
  read,
  serverWasTold,
  unreachable,
} from './acts/lamp.js';
import { discovered } from './acts/neighbour.js';
import { unplugged } from './acts/presence.js';
import { wbxmlDevice } from './acts/sensor.js';
import { byHttps, byMqtt, byUdp } from './acts/triggers.js';
import type { Act } from './step.js';

/** The play, act by act. */
export const acts: readonly Act[] = [
  unreachable,
  firstContact,
  serverWasTold,
  read,
  change,
  addAndDelete,
  execute,
  deviceReports,
  inventoryObject,
  secondAuthority,
  bothAtOnce,
  wbxmlDevice,
  transparentDevice,
  byHttps,
  byUdp,
  byMqtt,
  discovered,
  unplugged,
];
