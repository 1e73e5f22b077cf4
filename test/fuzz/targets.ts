import type { FuzzTarget } from './target.js';
import { dhcpTarget } from './targets/dhcp.js';
import { httpTarget } from './targets/http.js';
import { httpSocketTarget } from './targets/http-socket.js';
import { mdnsTarget } from './targets/mdns.js';
import { mqttTarget } from './targets/mqtt.js';
import { notificationTarget } from './targets/notification.js';
import { sessionTarget } from './targets/session.js';
import { ssdpTarget } from './targets/ssdp.js';
import { wbxmlTarget } from './targets/wbxml.js';
import { xmlTarget } from './targets/xml.js';

/** All that read what strangers send; their shares make one. */
export const targets: readonly FuzzTarget[] = [
  xmlTarget,
  wbxmlTarget,
  notificationTarget,
  httpTarget,
  httpSocketTarget,
  mqttTarget,
  ssdpTarget,
  mdnsTarget,
  dhcpTarget,
  sessionTarget,
];

export function targetNamed(name: string): FuzzTarget {
  const target = targets.find((one) => one.name === name);
  if (target === undefined) throw new Error(`there is no target ${name}; these are: ${targets.map((one) => one.name).join(', ')}`);
  return target;
}
