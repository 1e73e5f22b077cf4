import { brokerLimits } from './limits/broker.js';
import { discoveryLimits } from './limits/discovery.js';
import { forwardProxyLimits } from './limits/forward-proxy.js';
import type { Limit } from './limits/limit.js';
import { machineLimits } from './limits/machine.js';
import { messageLimits } from './limits/messages.js';
import { sessionLimits } from './limits/sessions.js';
import { triggerLimits } from './limits/triggers.js';

/** Every limit that somebody outside can meet, by the door where they do. */
export const limitParts: readonly { readonly title: string; readonly limits: readonly Limit[] }[] = [
  { title: 'Connections and messages of devices', limits: messageLimits },
  { title: 'Sessions, and who proves what', limits: sessionLimits },
  { title: 'Triggers', limits: triggerLimits },
  { title: 'Forward proxy', limits: forwardProxyLimits },
  { title: 'Broker', limits: brokerLimits },
  { title: 'Neighbours and discovered devices', limits: discoveryLimits },
  { title: 'The whole gateway', limits: machineLimits },
];

/** All of them. */
export const limitsTable: readonly Limit[] = limitParts.flatMap(({ limits }) => limits);

/** Numbers of the configuration that say when or how often we do something; nobody outside can meet them. */
export const noLimits: readonly string[] = [
  'devices[].polling',
  'devices[].accounts[].priority',
  'devices[].accounts[].polling',
  'triggers.mqtt.keepAlive',
  'triggers.poll.wait',
  'presence.settle',
  'presence.grace',
  'discovery.ssdp.searchInterval',
  'discovery.mdns.searchInterval',
  'discovery.dhcp.leaseInterval',
  'retry.first',
  'retry.cap',
];
