import type { Migration } from '../sqlite/migrations.js';
import { gatewayFirstSchema } from './gateway-0001-first-schema.js';
import { gatewaySeveralServers } from './gateway-0002-several-servers.js';
import { gatewayTriggers } from './gateway-0003-triggers.js';
import { gatewayPresence } from './gateway-0004-presence.js';
import { gatewayDeviceMessages } from './gateway-0005-device-messages.js';
import { gatewayDeviceTriggers } from './gateway-0006-device-triggers.js';
import { gatewayAccountEncoding } from './gateway-0007-account-encoding.js';
import { gatewayKnownPlaces } from './gateway-0008-known-places.js';

/** The schema of the gateway's database, oldest step first. */
export const gatewayMigrations: readonly Migration[] = [
  gatewayFirstSchema,
  gatewaySeveralServers,
  gatewayTriggers,
  gatewayPresence,
  gatewayDeviceMessages,
  gatewayDeviceTriggers,
  gatewayAccountEncoding,
  gatewayKnownPlaces,
];
