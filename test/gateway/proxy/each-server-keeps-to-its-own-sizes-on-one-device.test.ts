import { expect, test } from 'vitest';
import { add, get, results, statuses } from '../commands.js';
import { accountAt, declareDevice, deviceId, openGateway } from '../gateway-under-test.js';
import { FarDevice, FarServer } from '../peers.js';

const text = 'Grüße & <Zeichen> 🚪 '.repeat(2_000);
const sizes = (maxMsgSize: number) => ({ maxMsgSize, maxObjSize: 1_048_576 });

test.each([
  [2_048, 65_536, 65_536],
  [2_048, 65_536, 2_048],
  [65_536, 2_048, 65_536],
])('servers that take %i and %i bytes, a device that takes %i', async (narrow, wide, south) => {
  const first = await FarServer.open({ serverId: 'a', sizes: sizes(narrow), batches: [[add('a', './Text', text)], [get('g', './Text')]] });
  const second = await FarServer.open({ serverId: 'b', sizes: sizes(wide), batches: [[get('g', './Text')]] });
  const received = new Map<FarServer, number>();
  const under = await openGateway();
  declareDevice(under);
  for (const server of [first, second]) under.store.accounts.declare(accountAt(server, deviceId));
  const device = new FarDevice(under.url, { sizes: sizes(south) });
  expect(await device.session()).toMatchObject({ reason: 'complete' });
  expect(statuses(first.replies)).toEqual(['a=200', 'g=200']);
  for (const server of [first, second]) {
    expect(results(server.replies)).toEqual([`./Text=${text}`]);
    received.set(server, server.messages.length);
  }
  expect(Math.max(...device.exchanges.map(({ reply }) => reply.body.length))).toBeLessThanOrEqual(south);
  const [many, few] = narrow < wide ? [first, second] : [second, first];
  expect(received.get(many)).toBeGreaterThan(10 * 2);
  expect(received.get(few)).toBeLessThan(10);
});
