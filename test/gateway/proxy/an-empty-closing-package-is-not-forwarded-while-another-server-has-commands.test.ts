import { expect, test } from 'vitest';
import { get, results } from '../commands.js';
import { declareDevice, openGateway } from '../gateway-under-test.js';
import { FarDevice, FarServer } from '../peers.js';

test("the next server's first commands go into the answer that would have been empty", async () => {
  const first = await FarServer.open({ serverId: 'a-first', batches: [[get('g', './DevInfo/Man')]] });
  const second = await FarServer.open({ serverId: 'b-second', batches: [[get('g', './DevInfo/Mod')]] });
  const idle = await FarServer.open({ serverId: 'c-idle' });
  const under = await openGateway();
  declareDevice(under, [first, second, idle]);
  const device = new FarDevice(under.url);
  expect(await device.session()).toMatchObject({ reason: 'complete' });
  expect(results(first.replies)).toEqual(['./DevInfo/Man=Acme']);
  expect(results(second.replies)).toEqual(['./DevInfo/Mod=Lamp']);
  // The challenge, one message with commands for each server that has some, and the end.
  expect(device.exchanges).toHaveLength(4);
  expect(device.received.slice(1).map(({ SyncBody }) => SyncBody.commands.filter(({ name }) => name === 'Get').length)).toEqual([2, 1, 0]);
});

test('a device without work gets a well-formed end', async () => {
  const server = await FarServer.open();
  const under = await openGateway();
  declareDevice(under, [server]);
  const device = new FarDevice(under.url);
  await device.session();
  const length = device.exchanges.length;
  expect(await device.session()).toMatchObject({ reason: 'complete' });
  expect(device.exchanges.length - length).toBe(1);
  expect(device.received.at(-1)?.SyncBody).toMatchObject({ Final: true });
  expect(server.ends.map(({ reason }) => reason)).toEqual(['complete', 'complete']);
});
