import { expect, test } from 'vitest';
import { add, get, replace, results, statuses } from '../commands.js';
import { accountAt, declareDevice, deviceId, openGateway } from '../gateway-under-test.js';
import { FarDevice, FarServer } from '../peers.js';

test.each([
  ['operator', 'enterprise'],
  ['enterprise', 'operator'],
])('first %s, then %s: each reads what it wrote, and the device keeps the last', async (earlier, later) => {
  const first = await FarServer.open({ serverId: earlier, batches: [[add('a', './Level', earlier)], [get('g', './Level')]] });
  const second = await FarServer.open({
    serverId: later,
    batches: [[get('before', './Level')], [replace('r', './Level', later), get('after', './Level')]],
  });
  const under = await openGateway();
  declareDevice(under);
  under.store.accounts.declare(accountAt(second, deviceId, { priority: 2 }));
  under.store.accounts.declare(accountAt(first, deviceId, { priority: 1 }));
  const device = new FarDevice(under.url);
  expect(await device.session()).toMatchObject({ reason: 'complete' });
  expect(statuses(first.replies)).toEqual(['a=200', 'g=200']);
  expect(results(first.replies)).toEqual([`./Level=${earlier}`]);
  expect(statuses(second.replies)).toEqual(['before=200', 'r=200', 'after=200']);
  expect(results(second.replies)).toEqual([`./Level=${earlier}`, `./Level=${later}`]);
  expect(device.tree.read('./Level')).toBe(later);
  expect(device.exchanges.filter(({ sent }) => Buffer.from(sent).includes('1201'))).toHaveLength(2);
});

test('commands of one server never go south with those of another', async () => {
  const servers = await Promise.all(
    ['a', 'b', 'c'].map((serverId) =>
      FarServer.open({
        serverId,
        batches: [[add('1', `./${serverId}1`, 'x'), get('2', `./${serverId}1`)], [add('3', `./${serverId}2`, 'x')]],
      }),
    ),
  );
  const under = await openGateway();
  declareDevice(under, servers);
  const device = new FarDevice(under.url);
  await device.session();
  const whose = device.received.map(({ SyncBody }) => [
    ...new Set(JSON.stringify(SyncBody.commands.filter(({ name }) => name === 'Add' || name === 'Get')).match(/(?<=\.\/)[abc](?=\d)/g)),
  ]);
  expect(whose.filter((letters) => letters.length > 0)).toEqual([['a'], ['a'], ['b'], ['b'], ['c'], ['c']]);
});
