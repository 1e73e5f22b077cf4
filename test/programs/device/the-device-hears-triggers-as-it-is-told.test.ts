import { createSocket } from 'node:dgram';
import { expect, onTestFinished, test } from 'vitest';
import { ManualClock, silentLog, systemEntropy } from '#src/base/index.js';
import type { DeviceEvent } from '#src/virtual-device/index.js';
import { hearsTriggers, openTriggerIntake } from '../../../src/programs/device/trigger-intake.js';
import { until } from '../../gateway/peers.js';
import { endpointUnderTest } from '../../transport/endpoint-under-test.js';
import { openTinyBroker } from '../../transport/triggers/tiny-broker.js';

type Options = Parameters<typeof openTriggerIntake>[0]['options'];

async function open(options: Options, address = 'http://127.0.0.1:1/dm') {
  const heard: string[] = [];
  const events: DeviceEvent[] = [];
  const clock = new ManualClock();
  const stop = new AbortController();
  const intake = await openTriggerIntake({
    options,
    device: { id: 'urn:imei:1', access: () => ({ address, userName: 'lamp', password: 'pw' }) },
    hear: async (trigger, by) => void heard.push(`${by} ${Buffer.from(trigger).toString()}`),
    tls: {},
    clock,
    entropy: systemEntropy,
    log: silentLog,
    tell: (event) => events.push(event),
    stop: stop.signal,
  });
  onTestFinished(() => intake.close());
  return { heard, events, clock, intake };
}

test('by datagrams', async () => {
  const { heard, events } = await open({ listenUdp: 0 });
  const [listening] = events;
  const port = listening?.event === 'listening' ? Number(new URL(listening.at).port) : 0;
  const sender = createSocket('udp4');
  onTestFinished(() => void sender.close());
  sender.send('trigger', port, '127.0.0.1');
  await until(() => heard.length > 0);
  expect(heard).toEqual(['udp trigger']);
});

test('by the broker, in its own place', async () => {
  const broker = await openTinyBroker();
  const { heard } = await open({ mqtt: broker.url });
  await until(() => broker.received.some(({ type }) => type === 8));
  broker.publish('devices/urn%3Aimei%3A1/trigger', Buffer.from('trigger'));
  await until(() => heard.length > 0);
  expect(heard).toEqual(['mqtt trigger']);
});

test('by polls, one after the other, with its southern credentials; a failure is told and tried again', async () => {
  const answers = [{ status: 503 }, { status: 204 }, { status: 200, body: Buffer.from('trigger') }];
  const shown: (string | undefined)[] = [];
  const polls = {
    accepts: (path: string) => path === '/dm/trigger',
    handler: async ({ authorization }: { authorization: string | undefined }) => {
      shown.push(authorization);
      return answers.shift() ?? new Promise<never>(() => {});
    },
    answerTimeout: 60_000,
  };
  const endpoint = await endpointUnderTest({ polls });
  const { heard, events, clock } = await open({ poll: true }, `http://127.0.0.1:${endpoint.port}/dm`);
  await until(() => clock.pending().includes('next poll'));
  expect(events).toContainEqual({ event: 'warning', message: expect.stringContaining('HTTP 503') });
  clock.advance(30_000);
  await until(() => shown.length === 4);
  expect(heard).toEqual(['poll trigger']);
  expect(new Set(shown)).toEqual(new Set([`Basic ${Buffer.from('lamp:pw').toString('base64')}`]));
});

test('closing ends a poll that waits', async () => {
  const polls = { accepts: () => true, handler: () => new Promise<never>(() => {}), answerTimeout: 60_000 };
  const endpoint = await endpointUnderTest({ polls, accepts: () => false });
  const { intake, clock } = await open({ poll: true }, `http://127.0.0.1:${endpoint.port}/dm`);
  await until(() => clock.pending().includes('trigger poll'));
  await intake.close();
  expect(clock.pending()).toEqual([]);
});

test('not at all unless it is told to', async () => {
  const options = { once: false, json: true };
  expect([options, { ...options, listenUdp: 0 }, { ...options, poll: true }, { ...options, mqtt: 'mqtt://x' }].map(hearsTriggers)).toEqual([
    false,
    true,
    true,
    true,
  ]);
});
