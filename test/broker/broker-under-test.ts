import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { onTestFinished } from 'vitest';
import { type Clock, LoginLimit, ManualClock } from '#src/base/index.js';
import { type Broker, type BrokerLimits, type BrokerOptions, openBroker } from '#src/broker/index.js';
import { keptSecret } from '#src/dm/auth/index.js';
import type { Sighting } from '#src/gateway/index.js';
import type { OpenGatewayStore } from '#src/store/index.js';
import { openStore, temporaryDirectory } from '../store/store-fixture.js';

export const lamp = 'urn:uuid:00000000-0000-4000-8000-00000000001a';
export const lock = 'urn:uuid:00000000-0000-4000-8000-00000000010c';
/** The place of a device as it is on the wire. */
export const at = (device: string, leaf: string) => `devices/${encodeURIComponent(device)}/${leaf}`;
export const passwordOf = (device: string) => `password of ${device}`;

export const limits: BrokerLimits = {
  connections: 200,
  perAddress: 100,
  perDevice: 8,
  connectTimeout: 5_000,
  frameBytes: 65_536,
  messagesPerSecond: 10_000,
  bytesPerSecond: 100_000_000,
  connectsPerMinute: 1_000,
  ban: 300_000,
  subscriptions: 8,
  drainTimeout: 10_000,
  backlogBytes: 262_144,
  retained: { perDevice: 3, bytesPerDevice: 1_000, bytes: 1_500 },
  queue: { perDevice: 4, bytesPerDevice: 10_000, rows: 6, bytes: 15_000, maxAge: 86_400_000 },
};

export interface BrokerUnderTest {
  readonly broker: Broker;
  readonly store: OpenGatewayStore;
  readonly clock: ManualClock;
  readonly sightings: (Sighting | { readonly gone: string })[];
  /** What devices have published, as `<device> <leaf> <payload>`. */
  readonly heard: string[];
  readonly log: { readonly message: string; readonly fields: Record<string, unknown> }[];
}

export type Changes = Partial<Omit<BrokerOptions, 'limits' | 'clock' | 'devices' | 'logins'>> & {
  readonly admits?: BrokerOptions['devices']['admits'];
  readonly limits?: Partial<BrokerLimits>;
  readonly directory?: string;
  readonly clock?: ManualClock;
  /** How the broker reads that clock; absent: as it is. */
  readonly time?: Clock;
};

/** A broker on a real store and a real port, with two devices; only its time is set by hand. */
export async function openBrokerUnderTest({
  limits: changed,
  directory,
  admits = () => true,
  clock = new ManualClock(),
  time = clock,
  ...changes
}: Changes = {}): Promise<BrokerUnderTest> {
  const store = openStore(directory ?? temporaryDirectory(), { clock: time });
  for (const id of [lamp, lock]) declare(store, id);
  await store.committed();
  const sightings: BrokerUnderTest['sightings'] = [];
  const heard: string[] = [];
  const log: BrokerUnderTest['log'] = [];
  const note = (fields: object, message: string) => log.push({ message, fields: fields as Record<string, unknown> });
  const broker = await openBroker({
    listen: '127.0.0.1',
    port: 0,
    limits: { ...limits, ...changed },
    devices: {
      get: (id) => store.inventory.get(id),
      named: (userName) => store.inventory.named(userName),
      admits,
    },
    queue: store.deviceQueue,
    logins: new LoginLimit(time),
    committed: () => store.committed(),
    sightings: { seen: (sighting) => sightings.push(sighting), gone: (gone) => sightings.push({ gone }) },
    onMessage: (device, leaf, payload) => void heard.push(`${device} ${leaf} ${Buffer.from(payload).toString()}`),
    clock: time,
    log: { debug: note, info: note, warn: note, error: note },
    ...changes,
  });
  onTestFinished(() => broker.close(0));
  return { broker, store, clock, sightings, heard, log };
}

/** Puts a device into the inventory. Its user name at the broker is its id. */
export function declare(store: OpenGatewayStore, id: string, password = passwordOf(id), userName = id): void {
  const south = { scheme: 'md5', userName, clientSecret: keptSecret('md5', userName, password, false) } as const;
  store.inventory.declare({ id, mode: 'proxy', origin: 'added', south, allowPlainHttp: false, polling: 'always' });
}

export interface DeviceClient {
  readonly client: MqttClient;
  /** What has come, as `<topic> <payload>`. */
  readonly received: string[];
  readonly closed: Promise<void>;
}

/** A device with the mqtt package. @throws what its CONNACK says */
export async function connectDevice(
  { broker }: Pick<BrokerUnderTest, 'broker'>,
  device: string,
  options: IClientOptions = {},
): Promise<DeviceClient> {
  const client = await connectAsync(
    `mqtt://127.0.0.1:${broker.port}`,
    {
      username: device,
      password: passwordOf(device),
      reconnectPeriod: 0,
      ...options,
    },
    false,
  );
  const received: string[] = [];
  client.on('error', () => {});
  client.on('message', (topic, payload) => received.push(`${topic} ${payload.toString()}`));
  const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
  onTestFinished(() => void client.end(true));
  return { client, received, closed };
}

/** Whether the broker closed the connection rather than acknowledge. */
export async function refusesPublish({ client, closed }: DeviceClient, topic: string, retain = false): Promise<boolean> {
  const acknowledged = client.publishAsync(topic, 'x', { qos: 1, retain }).then(
    () => false,
    () => true,
  );
  return Promise.race([acknowledged, closed.then(() => true)]);
}

/** The QoS that was granted; 128: none. */
export async function granted({ client }: DeviceClient, filter: string, qos: 0 | 1 | 2 = 1): Promise<number> {
  return new Promise((resolve, reject) => {
    client.subscribe(filter, { qos }, (error, _grants, packet) => {
      const code = packet?.granted[0];
      if (code === undefined) reject(error ?? new Error('no SUBACK'));
      else resolve(Number(code));
    });
  });
}
