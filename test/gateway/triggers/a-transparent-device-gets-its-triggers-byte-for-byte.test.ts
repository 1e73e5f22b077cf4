import { expect, test } from 'vitest';
import { wrapPush } from '#src/dm/notification/index.js';
import { defaultTriggerSettings } from '#src/gateway/index.js';
import { deviceId } from '../gateway-under-test.js';
import { until } from '../peers.js';
import { poll } from './poll.js';
import { openTold } from './told-device.js';

const mode = 'transparent' as const;
/** Of a server that the gateway knows nothing about, under a password that it never had. */
const foreign = { serverId: 'elsewhere', nonce: 'bm9uY2U=', password: 'between-those-two' };
const { perDevice, perSource } = defaultTriggerSettings.relay;

test('to its inventoried address, once: its server repeats by itself', async () => {
  const { under, server, sent, trigger } = await openTold({ mode });
  const bytes = trigger('A1B', deviceId, foreign);
  expect(await under.gateway.triggers.receive(deviceId, bytes, 'mqtt')).toEqual({ kind: 'relayed' });
  under.clock.advance(600_000);
  expect(sent).toEqual([{ address: '192.0.2.7', port: 4000, bytes }]);
  expect([server.requests, under.gateway.triggers.list(), under.gateway.triggers.counts.relayed]).toEqual([0, [], 1]);
});

test('framed as it came', async () => {
  const { under, sent, trigger } = await openTold({ mode });
  const framed = wrapPush(trigger('A1B', deviceId, foreign), 3);
  await under.gateway.triggers.receive(deviceId, framed, 'udp', '192.0.2.1');
  expect(sent[0]?.bytes).toEqual(framed);
});

test('by the broker', async () => {
  const { under, published, trigger } = await openTold({ mode, trigger: { by: 'mqtt' } });
  const bytes = trigger('A1B', deviceId, foreign);
  await under.gateway.triggers.receive(deviceId, bytes, 'mqtt');
  expect(published).toMatchObject([{ device: deviceId, leaf: 'trigger', payload: bytes }]);
});

test('by its poll', async () => {
  const { under, trigger } = await openTold({ mode, trigger: { by: 'poll' } });
  const answer = poll(under.url);
  await until(() => under.clock.pending().includes('trigger-poll'));
  const bytes = trigger('A1B', deviceId, foreign);
  await under.gateway.triggers.receive(deviceId, bytes, 'https', '192.0.2.1');
  expect(await answer).toMatchObject({ status: 200, body: Buffer.from(bytes) });
});

test('not what is no Package#0, and not where nothing leads to the device', async () => {
  const told = await openTold({ mode });
  const untold = await openTold({ mode, trigger: undefined });
  const nowhere = await openTold({ mode, address: undefined });
  const bytes = told.trigger('A1B', deviceId, foreign);
  const why = { kind: 'refused', why: 'no-way' };
  expect(await told.under.gateway.triggers.receive(deviceId, Buffer.alloc(2_000), 'udp')).toEqual({ kind: 'refused', why: 'malformed' });
  expect(await untold.under.gateway.triggers.receive(deviceId, bytes, 'udp')).toEqual(why);
  expect(await nowhere.under.gateway.triggers.receive(deviceId, bytes, 'udp')).toEqual(why);
  expect([...told.sent, ...untold.sent, ...nowhere.sent]).toEqual([]);
});

test('no more in a minute than one device may have, whoever sends them', async () => {
  const { under, sent, trigger } = await openTold({ mode });
  const bytes = trigger('A1B', deviceId, foreign);
  for (let at = 0; at <= perDevice; at += 1) await under.gateway.triggers.receive(deviceId, bytes, 'udp', `192.0.2.${at}`);
  expect(sent).toHaveLength(perDevice);
  expect(under.gateway.triggers.counts.refused['too-often']).toBe(1);
  under.clock.advance(60_000);
  expect(await under.gateway.triggers.receive(deviceId, bytes, 'udp', '192.0.2.1')).toEqual({ kind: 'relayed' });
});

test('no more in a minute than one source may send, whoever they are for', async () => {
  const { under, sent, trigger } = await openTold({ mode });
  const others = Array.from({ length: perSource + 1 }, (_, at) => `urn:imei:${at}`);
  const declared = under.store.inventory.get(deviceId) ?? expect.fail('it is declared');
  for (const id of others) {
    under.store.inventory.declare({ ...declared, id });
    under.store.inventory.recordContact(id, { address: '192.0.2.8' }, under.clock.now());
  }
  const bytes = trigger('A1B', deviceId, foreign);
  for (const id of others) await under.gateway.triggers.receive(id, bytes, 'https', '192.0.2.1');
  expect(sent).toHaveLength(perSource);
});
