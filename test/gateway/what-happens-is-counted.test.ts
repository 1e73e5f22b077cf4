import { expect, test } from 'vitest';
import { type CounterName, Counters } from '#src/base/index.js';
import { gatewayOwner } from '#src/gateway/index.js';
import { get } from './commands.js';
import { declareDevice, declareOwnAccount, deviceId, openGateway } from './gateway-under-test.js';
import { contentType, FarDevice, FarServer, packageOne, until } from './peers.js';

/** Each sample of a counter as its labels in one word. */
function counts(counters: Counters, name: CounterName): Record<string, number> {
  return Object.fromEntries(counters.samples(name).map(({ labels, value }) => [Object.values(labels).join(' '), value]));
}

async function open(settings: Parameters<typeof openGateway>[0] = {}) {
  const counters = new Counters();
  return { counters, under: await openGateway({ counters, ...settings }) };
}

test('sessions on both legs, by how they ended', async () => {
  const { counters, under } = await open();
  const server = await FarServer.open({ batches: [[get('g', './DevInfo/Man')]] });
  declareDevice(under, [server]);
  await new FarDevice(under.url).session();
  await until(() => under.gateway.sessions().length === 0);
  expect(counts(counters, 'postern_sessions_started_total')).toEqual({ south: 1, north: 1 });
  expect(counts(counters, 'postern_sessions_ended_total')).toEqual({ 'south complete': 1, 'north complete': 1 });
  expect(counts(counters, 'postern_authentication_failures_total')).toEqual({});
});

test('who could not prove themselves: a device, or the gateway at its server', async () => {
  const { counters, under } = await open();
  const server = await FarServer.open({ password: 'another' });
  declareDevice(under, [server]);
  const { accounts } = under.store;
  const account = accounts.list(deviceId)[0];
  if (account !== undefined) accounts.declare({ ...account, clientSecret: { kind: 'password', value: 'wrong' } });
  await new FarDevice(under.url).session();
  await new FarDevice(under.url, { password: 'wrong' }).session();
  await until(() => under.gateway.sessions().length === 0);
  expect(counts(counters, 'postern_authentication_failures_total')).toEqual({ gateway: 1, device: 1 });
});

test('messages that no session took, by reason', async () => {
  const { counters, under } = await open({ settings: { maxSessions: 1 } });
  declareDevice(under, [await FarServer.open({ batches: [[get('g', './DevInfo/Man')]] })]);
  declareDevice(under, [], { id: 'urn:imei:2' });
  await new FarDevice(under.url, { instead: () => 'vanish' }).session();
  await new FarDevice(under.url, { id: 'urn:imei:2' }).session();
  await post(under.url, Buffer.from('<SyncML'));
  await post(under.url, Buffer.from('hello'), 'text/plain');
  await post(under.url, packageOne({ id: 'urn:imei:stranger', url: under.url }));
  await post(`${under.url}/s/${'a'.repeat(32)}`, packageOne({ id: deviceId, url: under.url, sessionId: '7' }));
  expect(counts(counters, 'postern_messages_refused_total')).toEqual({
    'too-many-sessions': 1,
    'syncml.truncated': 1,
    'unknown-content-type': 1,
    'plain-http': 1,
    'unknown-session': 1,
  });
});

test('reports that a server took', async () => {
  const { counters, under } = await open();
  const server = await FarServer.open();
  declareOwnAccount(under, server);
  declareDevice(under, [server]);
  under.gateway.start();
  await new FarDevice(under.url).session();
  await until(() => (counts(counters, 'postern_reports_settled_total')['delivered'] ?? 0) > 0);
  expect(under.store.outbox.total()).toBe(0);
});

test('triggers, by verdict and carrier', async () => {
  const { counters, under } = await open();
  await under.gateway.triggers.receive(gatewayOwner, Buffer.from('hello'), 'udp');
  await under.gateway.triggers.receive(gatewayOwner, Buffer.from('hello'), 'udp');
  expect(counts(counters, 'postern_triggers_total')).toEqual({ 'malformed udp': 2 });
});

test('limits without a counter of their own, such as an object larger than one may be', async () => {
  const { counters, under } = await open({ settings: { offer: { maxMsgSize: 4_000, maxObjSize: 5_000 } } });
  declareDevice(under, [await FarServer.open()]);
  const Meta = { Type: 'text/plain', Format: 'chr', Size: '10000' };
  await new FarDevice(under.url).session([{ Data: '1226', Item: [{ Meta, Data: 'the first piece', MoreData: true }] }]);
  expect(counts(counters, 'postern_limits_met_total')).toEqual({ 'limits.objectBytes': 1 });
});

async function post(url: string, body: Uint8Array, type = contentType): Promise<void> {
  await (await fetch(url, { method: 'POST', headers: { 'content-type': type }, body: new Uint8Array(body) })).arrayBuffer();
}
