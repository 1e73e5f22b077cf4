export { createDmClient, type DmClientOptions } from './dm/dm-client.js';
export { type DmEndpoint, type DmEndpointLimits, type DmEndpointOptions, serveDm } from './dm/dm-endpoint.js';
export { type ForwardProxy, type ForwardProxyLimits, type ForwardProxyOptions, serveForwardProxy } from './forward-proxy/forward-proxy.js';
export { createRecorder, type Leg, type LegRecorder, type Recorder } from './recorder.js';
export { DatagramSender } from './triggers/datagram-sender.js';
export { type DatagramLimits, type DatagramListener, type DatagramOptions, listenForDatagrams } from './triggers/datagrams.js';
export { type MqttIntake, type MqttIntakeOptions, openMqttIntake } from './triggers/mqtt-intake.js';
export { pollForTrigger } from './triggers/trigger-poll.js';
export { type Broker, createTriggerSender, type TriggerSenderOptions } from './triggers/trigger-sender.js';
export {
  type FetchHandler,
  type HealthServerOptions,
  type LocalServer,
  serveHealth,
  serveUnix,
  type UnixServerOptions,
} from './unix-http.js';
