export type { Beginning } from './device-memory.js';
export { type DeviceEnvironment, type DeviceSettings, defaultDeviceSettings } from './environment.js';
export type { DeviceEvent, ExecutedEvent, SessionEvent } from './events.js';
export { type Done, type Order, parseOrder, performOrder, refusedOrder } from './order.js';
export { pause } from './pause.js';
export { openStateFile, type StateFile, stateInMemory } from './state-file.js';
export { type Report, VirtualDevice } from './virtual-device.js';
