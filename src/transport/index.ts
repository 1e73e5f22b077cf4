export { DatagramSender } from './datagram-sender.js';
export { type DatagramLimits, type DatagramListener, type DatagramOptions, listenForDatagrams } from './datagrams.js';
export { createDmClient, type DmClientOptions } from './dm-client.js';
export { type DmEndpoint, type DmEndpointLimits, type DmEndpointOptions, serveDm } from './dm-endpoint.js';
export { type ForwardProxy, type ForwardProxyLimits, type ForwardProxyOptions, serveForwardProxy } from './forward-proxy.js';
export { type MqttIntake, type MqttIntakeOptions, openMqttIntake } from './mqtt-intake.js';
export { createRecorder, type Leg, type LegRecorder, type Recorder } from './recorder.js';
export { pollForTrigger } from './trigger-poll.js';
export { type Broker, createTriggerSender, type TriggerSenderOptions } from './trigger-sender.js';
export {
  type FetchHandler,
  type HealthServerOptions,
  type LocalServer,
  serveHealth,
  serveUnix,
  type UnixServerOptions,
} from './unix-http.js';
