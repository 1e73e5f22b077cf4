export { defaultDeviceSettings } from './environment.js';
export type { DeviceEvent, ExecutedEvent, SessionEvent, TriggerCarrier } from './events.js';
export { type Done, parseOrder, performOrder, refusedOrder } from './order.js';
export { pause } from './pause.js';
export { openStateFile, type StateFile, stateInMemory } from './state-file.js';
export { VirtualDevice } from './virtual-device.js';
