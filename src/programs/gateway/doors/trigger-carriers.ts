import { type Clock, type Counters, countMet, type Entropy, type Log, type Overload } from '#src/base/index.js';
import type { GatewayConfig } from '#src/config/index.js';
import { defaultNotificationLimits } from '#src/dm/notification/index.js';
import {
  type DmHandler,
  type Gateway,
  gatewayOwner,
  isTriggerPath,
  takePublished,
  triggerHandler,
  triggerTopics,
} from '#src/gateway/index.js';
import { clientTlsOptions, type Sealer, serverCredentials, serverTlsOptions } from '#src/security/index.js';
import { listenForDatagrams, openMqttIntake, serveDm } from '#src/transport/index.js';
import { namesOf } from '../../own-addresses.js';

export interface CarrierParts {
  readonly config: GatewayConfig;
  readonly directory: string;
  /** Absent: the private keys stay as they are. */
  readonly sealer?: Sealer;
  readonly gateway: Gateway;
  /** The gateway's own; the broker knows us by it. */
  readonly devId: string;
  /** Certificates to trust besides the system's, PEM. */
  readonly trust: readonly string[];
  readonly counters?: Counters;
  readonly overload?: Overload;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
}

/** The ways by which DM servers reach us with triggers. */
export interface TriggerCarriers {
  /** Where each listens, such as `https://192.0.2.1:8444/trigger/` and `udp://192.0.2.1:2948`. */
  readonly addresses: readonly string[];
  /** How many are open now where triggers are posted to. */
  readonly connections: number;
  close(grace: number): Promise<void>;
}

interface Carrier {
  readonly address: string;
  readonly connections?: number;
  close(grace: number): Promise<void>;
}

const minute = 60_000;
/** Datagrams whose trigger is not on disk yet. */
const datagramsAtOnce = 64;
/** What its limits are called where they are counted. */
const datagramLimits = {
  bytes: 'triggers.udp bytes',
  perSource: 'triggers.udp.perMinute',
  every: 'triggers.udp.perMinute',
  atOnce: 'triggers.udp at once',
} as const;
/** A trigger fits into the first segment: whoever is slower than this is not sending one. */
const postTimeout = 5_000;

/** Opens what is configured; nothing is listened to otherwise. */
export async function openTriggerCarriers(parts: CarrierParts): Promise<TriggerCarriers> {
  const opening = [...httpsCarriers(parts), ...udpCarriers(parts), ...mqttCarriers(parts)];
  const settled = await Promise.allSettled(opening);
  const carriers = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const close = async (grace: number) => void (await Promise.all(carriers.map((carrier) => carrier.close(grace))));
  const failed = settled.find((one) => one.status === 'rejected');
  if (failed !== undefined) {
    await close(0);
    throw failed.reason;
  }
  return {
    addresses: carriers.map(({ address }) => address),
    get connections() {
      return carriers.reduce((sum, { connections = 0 }) => sum + connections, 0);
    },
    close,
  };
}

function httpsCarriers(parts: CarrierParts): Promise<Carrier>[] {
  const { https } = parts.config.triggers;
  return https === undefined ? [] : [openTriggerPosts(parts, https, triggerHandler(parts.gateway.triggers))];
}

type HttpsParts = Pick<CarrierParts, 'config' | 'directory' | 'sealer' | 'counters' | 'overload' | 'clock' | 'log'>;

/** Listens for triggers that are posted. */
export async function openTriggerPosts(
  { config, directory, sealer, counters, overload, clock, log }: HttpsParts,
  { listen, port }: { readonly listen: string; readonly port: number },
  handler: DmHandler,
): Promise<Carrier> {
  const names = [...new Set([...namesOf(listen), ...config.south.names])];
  const endpoint = await serveDm({
    listen,
    port,
    tls: serverTlsOptions({ credentials: await serverCredentials({ directory, names, clock, sealer }) }),
    accepts: isTriggerPath,
    handler,
    admits: () => overload?.admits('trigger') !== false,
    limits: {
      bodyBytes: defaultNotificationLimits.bytes,
      headerTimeout: postTimeout,
      bodyTimeout: postTimeout,
      answerTimeout: postTimeout,
      maxConnections: 64,
      perAddress: 8,
    },
    log,
    ...(counters === undefined ? {} : { counts: { counters, door: 'trigger' } }),
    clock,
  });
  return {
    address: `https://${hostOf(listen)}:${endpoint.port}/trigger/`,
    get connections() {
      return endpoint.connections;
    },
    close: (grace: number) => endpoint.close(grace),
  };
}

function udpCarriers({ config, gateway, counters, clock, log }: CarrierParts): Promise<Carrier>[] {
  const { udp } = config.triggers;
  if (udp === undefined) return [];
  const { listen, perMinute } = udp;
  const limits = { bytes: defaultNotificationLimits.bytes, perSource: perMinute, every: minute, atOnce: datagramsAtOnce };
  const targets = [{ port: udp.port, target: gatewayOwner }, ...udp.devices.map(({ id, port }) => ({ port, target: id }))];
  return targets.map(async ({ port, target }) => {
    const handle = (bytes: Uint8Array, address: string) => gateway.triggers.receive(target, bytes, 'udp', address);
    const onDropped = (limit: keyof typeof datagramLimits) => countMet(counters, datagramLimits[limit]);
    const listener = await listenForDatagrams({ listen, port, limits, handle, onDropped, log, clock });
    return { address: `udp://${hostOf(listen)}:${listener.port}`, close: () => listener.close() };
  });
}

function mqttCarriers(parts: CarrierParts): Promise<Carrier>[] {
  const { mqtt } = parts.config.triggers;
  return mqtt === undefined ? [] : [openMqtt(parts, mqtt)];
}

type MqttSettings = NonNullable<GatewayConfig['triggers']['mqtt']>;

async function openMqtt({ config, gateway, devId, trust, clock, entropy, log }: CarrierParts, mqtt: MqttSettings): Promise<Carrier> {
  const { url, userName, password, keepAlive, gateway: name = config.gateway.name } = mqtt;
  const intake = await openMqttIntake({
    url,
    clientId: `postern-${devId}`,
    ...(userName === undefined ? {} : { userName }),
    ...(password === undefined ? {} : { password: password.reveal() }),
    tls: clientTlsOptions({ trust, clock }),
    topics: triggerTopics(name),
    handle: (topic, payload) => takePublished(gateway.triggers, name, topic, payload),
    retry: config.retry,
    keepAlive,
    clock,
    entropy,
    log,
  });
  return { address: `${url}/${triggerTopics(name)}`, close: () => intake.close() };
}

function hostOf(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}
