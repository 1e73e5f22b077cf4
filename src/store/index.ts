export { type DamagedCopy, keepDamagedFiles } from './damaged-files.js';
export { Database, type DatabaseOptions, type SqlValue } from './database.js';
export { freeRoom, leastRoom } from './free-room.js';
export {
  type GatewayStoreOptions,
  type OpenGatewayStore,
  openGatewayStore,
  type StoreLimits,
} from './gateway-store.js';
export type { Migration } from './migrations.js';
export {
  type OpenSmallServerStore,
  openSmallServerStore,
  type SmallServerStoreLimits,
  type SmallServerStoreOptions,
} from './small-server-store.js';
