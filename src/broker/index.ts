export { type Broker, openBroker } from './broker.js';
export type { BrokerDevices, BrokerLimits, BrokerOptions, QueueLimits } from './options.js';
