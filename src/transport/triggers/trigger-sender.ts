import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import type { ConnectionOptions } from 'node:tls';
import { type Clock, type Entropy, type Log, type Milliseconds, PosternError } from '#src/base/index.js';
import type { TriggerAddress } from '#src/config/index.js';
import { wrapPush } from '#src/dm/notification/index.js';
import { createDmClient } from '../dm/dm-client.js';
import { wireFailure } from '../wire-failure.js';
import { publishOnce } from './mqtt-publish.js';

/** An MQTT broker and who we are there. */
export interface Broker {
  /** `mqtts://host:port`, or `mqtt://`. */
  readonly url: string;
  readonly userName?: string;
  readonly password?: string;
}

export interface TriggerSenderOptions {
  /** What is trusted; names and chains are checked whatever it says. */
  readonly tls: ConnectionOptions;
  /** Absent: no MQTT address can be reached. */
  readonly broker?: Broker | undefined;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
}

/** For each from looking up the name to the acknowledgement. */
const timeout: Milliseconds = 10_000;
/** No gateway says more than a few lines to a trigger. */
const maxResponseBytes = 16_384;

/**
 * Sends triggers (Package#0) by each way. It resolves when the trigger was taken: by HTTPS acknowledged, by MQTT in the hands of the
 * broker; of a datagram nobody knows more than that it left.
 * @returns what sends one, and throws PosternError `wire.*`
 */
export function createTriggerSender(options: TriggerSenderOptions): (to: TriggerAddress, trigger: Uint8Array) => Promise<void> {
  return (to, trigger) => {
    if (to.by === 'https') return post(to.url, trigger, options);
    return to.by === 'udp' ? sendDatagram(to, trigger, options) : publish(to.topic, trigger, options);
  };
}

/** Each has a connection of its own: triggers are rare, and nothing of one gateway can reach another. */
async function post(url: string, body: Uint8Array, { tls, clock, log }: TriggerSenderOptions): Promise<void> {
  const clients = createDmClient({ tls, log, clock, maxResponseBytes });
  try {
    const contentType = 'application/vnd.syncml.notification';
    const { status } = await clients.session().post({ url, contentType, accept: '*/*', body, timeout });
    if (status >= 200 && status < 300) return;
    throw new PosternError('wire.trigger', { address: new URL(url).host, what: refusalOf(status) });
  } finally {
    clients.close();
  }
}

/** A gateway refuses whatever it does not like in the same way. */
function refusalOf(status: number): string {
  return status === 403
    ? 'it refuses it (HTTP 403): the target, the server id, the password or the nonce is another there'
    : `HTTP ${status}`;
}

type DatagramPlace = Extract<TriggerAddress, { by: 'udp' }>;

async function sendDatagram(
  { host, port, isFramed }: DatagramPlace,
  trigger: Uint8Array,
  { entropy }: TriggerSenderOptions,
): Promise<void> {
  try {
    const { address, family } = await lookup(host);
    await sendFrom(family === 6 ? 'udp6' : 'udp4', { address, port }, isFramed ? wrapPush(trigger, entropy.below(256)) : trigger);
  } catch (error) {
    throw wireFailure(error as Error, `${host}:${port}`);
  }
}

function sendFrom(family: 'udp4' | 'udp6', { address, port }: { address: string; port: number }, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(family);
    socket.once('error', reject);
    socket.send(bytes, port, address, (error) => {
      socket.close();
      if (error === null) resolve();
      else reject(error);
    });
  });
}

async function publish(topic: string, payload: Uint8Array, { broker, tls, clock, entropy }: TriggerSenderOptions): Promise<void> {
  if (broker === undefined) throw new PosternError('wire.trigger', { address: topic, what: 'no MQTT broker is configured' });
  await publishOnce({ ...broker, tls, topic, payload, clientId: `postern-trigger-${entropy.token()}`, timeout, clock });
}
