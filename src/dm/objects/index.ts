export { alertType, gwmoAlertTypes } from './alert-types.js';
export { type DevDetailValues, devDetail, devDetailDefinition } from './devdetail.js';
export { type DevInfoValues, devInfo, devInfoDefinition } from './devinfo.js';
export {
  type DmAccAddress,
  type DmAccCredentials,
  type DmAccount,
  dmAcc,
  dmAccDefinition,
  dmAccTnds,
  readDmAcc,
  readDmAccNode,
} from './dmacc.js';
export {
  gwInventory,
  gwInventoryDefinition,
  type InventorySource,
  inventoryComponentTypes,
  inventoryModes,
  inventoryRecordPath,
  inventoryStatuses,
  type RecordValues,
} from './gw-inventory.js';
export { type HardwareValues, hardware, hardwareDefinition } from './hardware.js';
export { standardObjects } from './standard-objects.js';
