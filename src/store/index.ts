export {
  type GatewayStoreOptions,
  type OpenGatewayStore,
  openGatewayStore,
  type StoreLimits,
} from './gateway/gateway-store.js';
export {
  type OpenSmallServerStore,
  openSmallServerStore,
  type SmallServerStoreLimits,
  type SmallServerStoreOptions,
} from './small-server/small-server-store.js';
export { type DamagedCopy, keepDamagedFiles } from './sqlite/damaged-files.js';
export { Database, type DatabaseOptions, type SqlValue } from './sqlite/database.js';
export { freeRoom, leastRoom } from './sqlite/free-room.js';
export type { Migration } from './sqlite/migrations.js';
