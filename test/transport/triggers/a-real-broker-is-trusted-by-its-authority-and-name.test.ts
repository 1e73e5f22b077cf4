import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type Log, ManualClock, systemClock, systemEntropy } from '#src/base/index.js';
import { clientTlsOptions } from '#src/security/index.js';
import { createTriggerSender, type MqttIntakeOptions, openMqttIntake } from '#src/transport/index.js';
import { freePort, Mosquitto, whyNoMosquitto } from '../../peers/mosquitto.js';
import { type Flaws, makeIdentity } from '../../security/pki.js';
import { codeOf } from '../client-under-test.js';

const day = 86_400_000;
const authority = makeIdentity({ ca: true });
const stranger = makeIdentity({ ca: true });
const trusting = clientTlsOptions({ trust: [authority.certificate], systemRoots: false });
const missing = whyNoMosquitto();

describe.skipIf(missing !== undefined)(missing ?? 'a real broker', () => {
  let folder: string;
  let right: Broker;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'postern-mosquitto-'));
    right = await startBroker(folder, {});
  });
  afterAll(async () => {
    await right.mosquitto.stop();
    rmSync(folder, { recursive: true });
  });

  test('ours gets what is published, and the broker forgets it only then', async () => {
    const keep: (() => void)[] = [];
    const { taken } = await open(right, { handle: () => new Promise<void>((resolve) => void keep.push(resolve)) });
    await right.mosquitto.says(/Sending SUBACK to gateway-1/);
    await publish(right);
    while (taken.length === 0) await turn();
    expect(taken).toEqual(['postern/home/trigger/gateway a trigger']);
    // Whatever left for the broker before this is there now.
    await publish(right);
    expect(right.mosquitto.said.some((line) => line.includes('Received PUBACK from gateway-1'))).toBe(false);
    keep[0]?.();
    await right.mosquitto.says(/Received PUBACK from gateway-1/);
  });

  test('one that has an authority that we do not trust is refused', async () => {
    await expectRefusal(right, clientTlsOptions({ trust: [stranger.certificate], systemRoots: false }), /unable to verify|issuer/);
  });

  test('one whose name is another is refused', async () => {
    const broker = await openBroker(folder, { name: 'broker.example' });
    await expectRefusal(broker, trusting, /does not match/);
  });

  test('one whose certificate has expired is refused', async () => {
    const broker = await openBroker(folder, { from: new Date(Date.now() - 2 * day), to: new Date(Date.now() - day) });
    await expectRefusal(broker, trusting, /expired/);
  });

  test('whoever lets its certificate go unchecked is checked all the same', async () => {
    const broker = await openBroker(folder, { name: 'broker.example' });
    const sent = createTriggerSender({
      tls: { ...trusting },
      broker: { url: broker.url },
      clock: systemClock,
      entropy: systemEntropy,
      log: listening([]),
    })({ by: 'mqtt', topic: 'postern/home/trigger/gateway' }, Buffer.from('a trigger'));
    expect(await codeOf(sent)).toBe('wire.tls');
  });

  test('what was published while it was away arrives after a wait of random length', async () => {
    let broker = await startBroker(folder, {});
    onTestFinished(() => broker.mosquitto.stop());
    const asked: number[] = [];
    const below = (end: number) => {
      asked.push(end);
      return Math.floor(end / 2);
    };
    const { clock, taken } = await open(broker, { clientId: 'gateway-2', entropy: { ...systemEntropy, below } });
    await broker.mosquitto.says(/Sending SUBACK to gateway-2/);
    await broker.mosquitto.stop();
    await pending(clock);
    clock.advance(asked.at(-1) ?? 0);
    await pending(clock);
    expect(asked).toEqual([1_001, 2_001]);
    broker = await startBroker(folder, {}, broker.port);
    clock.advance(999);
    expect(broker.mosquitto.said.some((line) => line.includes('gateway-2'))).toBe(false);
    clock.advance(1);
    await broker.mosquitto.says(/Sending SUBACK to gateway-2/);
    await publish(broker);
    while (taken.length === 0) await turn();
  });
});

interface Broker {
  readonly mosquitto: Mosquitto;
  readonly port: number;
  readonly url: string;
}

/** One of our authority's, unless `flaws` say otherwise; it is called by the name `localhost`. */
async function startBroker(folder: string, flaws: Flaws, port?: number): Promise<Broker> {
  const at = port ?? (await freePort());
  const mosquitto = await Mosquitto.start({ folder: join(folder, String(at)), port: at, identity: makeIdentity(flaws, authority) });
  return { mosquitto, port: at, url: `mqtts://localhost:${at}` };
}

async function openBroker(folder: string, flaws: Flaws): Promise<Broker> {
  const broker = await startBroker(folder, flaws);
  onTestFinished(() => broker.mosquitto.stop());
  return broker;
}

async function open({ url }: Broker, options: Partial<MqttIntakeOptions>) {
  const clock = new ManualClock();
  const taken: string[] = [];
  const said: string[] = [];
  const { handle = async () => {}, ...more } = options;
  const intake = await openMqttIntake({
    url,
    clientId: 'gateway-1',
    tls: trusting,
    topics: 'postern/home/trigger/+',
    retry: { first: 1_000, cap: 60_000 },
    keepAlive: 60_000,
    clock,
    entropy: systemEntropy,
    log: listening(said),
    ...more,
    handle: (topic, payload) => {
      taken.push(`${topic} ${Buffer.from(payload).toString()}`);
      return handle(topic, payload);
    },
  });
  onTestFinished(() => intake.close());
  return { clock, taken, said };
}

/** It is tried, given up for what is wrong with it, and tried again later. */
async function expectRefusal(broker: Broker, tls: object, reason: RegExp): Promise<void> {
  const clientId = `refused-${broker.port}`;
  const { clock, said } = await open(broker, { tls, clientId });
  await pending(clock);
  expect(said.join('\n')).toMatch(reason);
  expect(broker.mosquitto.said.some((line) => line.includes(clientId))).toBe(false);
}

function publish({ url }: Broker): Promise<void> {
  const send = createTriggerSender({ tls: trusting, broker: { url }, clock: systemClock, entropy: systemEntropy, log: listening([]) });
  return send({ by: 'mqtt', topic: 'postern/home/trigger/gateway' }, Buffer.from('a trigger'));
}

async function pending(clock: ManualClock): Promise<void> {
  while (!clock.pending().includes('mqtt-reconnect')) await turn();
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function listening(said: string[]): Log {
  const hear = (fields: object, sentence: string) => void said.push(`${sentence} ${'err' in fields ? String(fields.err) : ''}`);
  return { debug: hear, info: hear, warn: hear, error: hear };
}
