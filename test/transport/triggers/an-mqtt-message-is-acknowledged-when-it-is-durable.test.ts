import { expect, onTestFinished, test } from 'vitest';
import { ManualClock, silentLog, systemEntropy } from '#src/base/index.js';
import { type MqttIntakeOptions, openMqttIntake } from '#src/transport/index.js';
import { openTinyBroker, type TinyBroker } from './tiny-broker.js';

async function open(broker: TinyBroker, options: Partial<MqttIntakeOptions> = {}) {
  const clock = new ManualClock();
  const taken: string[] = [];
  const intake = await openMqttIntake({
    url: broker.url,
    clientId: 'postern-1',
    tls: {},
    topics: 'postern/home/trigger/+',
    handle: async (topic, payload) => void taken.push(`${topic} ${Buffer.from(payload).toString()}`),
    retry: { first: 1_000, cap: 60_000 },
    keepAlive: 60_000,
    clock,
    entropy: systemEntropy,
    log: silentLog,
    ...options,
  });
  onTestFinished(() => intake.close());
  return { intake, clock, taken };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

const subscriptions = ({ received }: TinyBroker) => received.filter(({ type }) => type === 8).length;

test('it keeps its session at the broker and subscribes with QoS 1', async () => {
  const broker = await openTinyBroker();
  await open(broker, { userName: 'gateway', password: 'secret' });
  await until(() => subscriptions(broker) === 1);
  const connect = broker.received[0]?.body ?? Buffer.alloc(0);
  const cleanSession = 0x02;
  expect((connect[7] ?? 0) & cleanSession).toBe(0);
  expect(connect.toString('latin1')).toContain('postern-1');
  expect(connect.toString('latin1')).toContain('secret');
  const subscribe = broker.received.find(({ type }) => type === 8)?.body ?? Buffer.alloc(0);
  expect(subscribe.toString('latin1', 4, subscribe.length - 1)).toBe('postern/home/trigger/+');
  expect(subscribe.at(-1)).toBe(1);
});

test('no PUBACK before it is done', async () => {
  const broker = await openTinyBroker();
  let release = () => {};
  let called = false;
  const handle = () => {
    called = true;
    return new Promise<void>((resolve) => {
      release = resolve;
    });
  };
  await open(broker, { handle });
  await until(() => subscriptions(broker) === 1);
  broker.publish('postern/home/trigger/gateway', Buffer.from('x'));
  await until(() => called);
  await new Promise((resolve) => setImmediate(resolve));
  expect(broker.acknowledged()).toEqual([]);
  release();
  await until(() => broker.acknowledged().length === 1);
});

test('what could not be kept is not acknowledged, and comes again', async () => {
  const broker = await openTinyBroker();
  let calls = 0;
  const handle = async () => {
    calls += 1;
    if (calls === 1) throw new Error('the disk is full');
  };
  const { clock } = await open(broker, { handle });
  await until(() => subscriptions(broker) === 1);
  broker.publish('postern/home/trigger/gateway', Buffer.from('x'));
  await until(() => clock.pending().includes('mqtt-reconnect'));
  expect(broker.acknowledged()).toEqual([]);
  clock.advance(1_000);
  await until(() => broker.acknowledged().length === 1);
  expect(calls).toBe(2);
});

test('a lost connection is opened again after a random part of a growing wait', async () => {
  const broker = await openTinyBroker();
  const asked: number[] = [];
  const below = (end: number) => {
    asked.push(end);
    return end - 1;
  };
  const { clock, taken } = await open(broker, { entropy: { ...systemEntropy, below } });
  for (let round = 1; round <= 3; round += 1) {
    await until(() => subscriptions(broker) === round);
    broker.cut();
    await until(() => clock.pending().includes('mqtt-reconnect'));
    clock.advance(asked.at(-1) ?? 0);
  }
  await until(() => subscriptions(broker) === 4);
  expect(asked).toEqual([1_001, 2_001, 4_001]);
  broker.publish('postern/home/trigger/gateway', Buffer.from('after'));
  await until(() => taken.length === 1);
});

test('a broker that does not let us in is asked again later', async () => {
  const broker = await openTinyBroker(5);
  const { clock } = await open(broker);
  await until(() => clock.pending().includes('mqtt-reconnect'));
  expect(subscriptions(broker)).toBe(0);
});

test('a broker that is not there keeps nobody from starting or stopping', async () => {
  const broker = await openTinyBroker();
  const { intake, clock } = await open(broker, { url: 'mqtt://127.0.0.1:1' });
  await until(() => clock.pending().includes('mqtt-reconnect'));
  await intake.close();
  expect(clock.pending()).toEqual([]);
});
