import { expect, test } from 'vitest';
import { provideLeaf } from '#src/dm/tree/index.js';
import { add, atomic, get, results, statuses } from '../commands.js';
import { declareDevice, openGateway } from '../gateway-under-test.js';
import { FarDevice, FarServer } from '../peers.js';

const small = { maxMsgSize: 2_048, maxObjSize: 1_048_576 };
const text = 'Grüße & <Zeichen> 🚪 '.repeat(2_000);

test('north MaxObjSize is the smaller of what device and gateway take, MaxMsgSize is our own', async () => {
  const server = await FarServer.open();
  const under = await openGateway();
  declareDevice(under, [server]);
  await new FarDevice(under.url, { sizes: { maxMsgSize: 4_096, maxObjSize: 5_000 } }).session();
  await new FarDevice(under.url, { sizes: { maxMsgSize: 4_096, maxObjSize: 50_000_000 } }).session();
  expect(server.messages.map(({ SyncHdr }) => SyncHdr.Meta?.MaxObjSize)).toEqual(['5000', '1048576']);
  expect(server.messages.map(({ SyncHdr }) => SyncHdr.Meta?.MaxMsgSize)).toEqual(['65536', '65536']);
});

test('a large leaf goes south in pieces that the device takes, and comes back whole', async () => {
  const server = await FarServer.open({ batches: [[add('a', './Text', text)], [get('g', './Text')]] });
  const under = await openGateway();
  declareDevice(under, [server]);
  const device = new FarDevice(under.url, { sizes: small });
  expect(await device.session()).toMatchObject({ reason: 'complete' });
  expect(device.tree.read('./Text')).toBe(text);
  expect(statuses(server.replies)).toEqual(['a=200', 'g=200']);
  expect(results(server.replies)).toEqual([`./Text=${text}`]);
  expect(Math.max(...device.exchanges.map(({ reply }) => reply.body.length))).toBeLessThanOrEqual(2_048);
});

test('a large leaf of the device goes north in pieces that the server takes', async () => {
  const server = await FarServer.open({ sizes: small, batches: [[add('a', './Text', text)], [get('g', './Text')]] });
  const under = await openGateway();
  declareDevice(under, [server]);
  await new FarDevice(under.url).session();
  expect(statuses(server.replies)).toEqual(['a=200', 'g=200']);
  expect(results(server.replies)).toEqual([`./Text=${text}`]);
  expect(server.messages.length).toBeGreaterThan(10);
});

test('an Atomic that is too big for the device gets 413, its members 215, and is never split', async () => {
  const block = atomic('big', add('b1', './A', 'x'.repeat(1_500)), add('b2', './B', 'y'.repeat(1_500)));
  const server = await FarServer.open({ batches: [[block, get('g', './DevInfo/Man')]] });
  const under = await openGateway();
  declareDevice(under, [server]);
  const device = new FarDevice(under.url, { sizes: small });
  await device.session();
  expect(statuses(server.replies).toSorted()).toEqual(['b1=215', 'b2=215', 'big=413', 'g=200']);
  expect(device.executed.some(({ name }) => name === 'Atomic' || name === 'Add')).toBe(false);
});

test('an object larger than the device takes gets 413', async () => {
  const server = await FarServer.open({ batches: [[add('a', './Text', 'x'.repeat(6_000)), get('g', './DevInfo/Man')]] });
  const under = await openGateway();
  declareDevice(under, [server]);
  const device = new FarDevice(under.url, { sizes: { maxMsgSize: 65_536, maxObjSize: 5_000 } });
  await device.session();
  expect(statuses(server.replies).toSorted()).toEqual(['a=413', 'g=200']);
  expect(device.tree.read('./Text')).toBeUndefined();
});

test('a result larger than the server takes becomes a 413', async () => {
  const server = await FarServer.open({
    sizes: { maxMsgSize: 65_536, maxObjSize: 100 },
    batches: [[get('g', './Text'), get('h', './DevInfo/Man')]],
  });
  const under = await openGateway();
  declareDevice(under, [server]);
  const device = new FarDevice(under.url);
  device.tree.mount('./Text', provideLeaf({ read: () => 'x'.repeat(101) }));
  await device.session();
  expect(statuses(server.replies)).toEqual(['g=413', 'h=200']);
  expect(results(server.replies)).toEqual(['./DevInfo/Man=Acme']);
});
