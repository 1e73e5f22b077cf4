import { expect, test } from 'vitest';
import { add, atomic, get, replace, results, sequence, statuses } from '../commands.js';
import { declareDevice, mutual, openGateway } from '../gateway-under-test.js';
import { FarDevice, FarServer } from '../peers.js';

test('commands go south renumbered, and statuses and results come back under the CmdIDs of the server', async () => {
  const server = await FarServer.open({
    batches: [
      [get('first', './DevInfo/Mod'), add('second', './Room', 'kitchen')],
      [replace('third', './Room', 'hall'), get('fourth', './Room')],
    ],
  });
  const under = await openGateway();
  declareDevice(under, [server], { south: mutual });
  const device = new FarDevice(under.url, { serverPassword: 'gateway-password' });

  expect(await device.session()).toMatchObject({ reason: 'complete' });
  expect(device.executed.map(({ CmdID }) => CmdID)).not.toContain('first');
  expect(statuses(server.replies)).toEqual(['first=200', 'second=200', 'third=200', 'fourth=200']);
  expect(results(server.replies)).toEqual(['./DevInfo/Mod=Lamp', './Room=hall']);
});

test('Atomic and Sequence pass whole', async () => {
  const block = atomic('a', replace('a1', './X', '1'), replace('a2', './Y', '2'));
  const server = await FarServer.open({
    batches: [
      [add('x', './X', '0'), add('y', './Y', '0')],
      [block, sequence('s', get('s1', './X'), get('s2', './Y'))],
    ],
  });
  const under = await openGateway();
  declareDevice(under, [server]);
  const device = new FarDevice(under.url);

  await device.session();
  expect(device.executed.filter(({ name }) => name === 'Atomic' || name === 'Sequence').map(({ name }) => name)).toEqual([
    'Atomic',
    'Sequence',
  ]);
  expect(statuses(server.replies)).toEqual(['x=200', 'y=200', 'a=200', 'a1=200', 'a2=200', 's=200', 's1=200', 's2=200']);
  expect(results(server.replies)).toEqual(['./X=1', './Y=2']);
});

test('several Items in a command are answered one by one with TargetRef', async () => {
  const server = await FarServer.open({ batches: [[get('g', './DevInfo/Mod', './Nowhere', './DevInfo/Man')]] });
  const under = await openGateway();
  declareDevice(under, [server]);
  await new FarDevice(under.url).session();
  const said = server.replies.flatMap((reply) => (reply.name === 'Status' ? [[reply.TargetRef?.[0], reply.Data]] : []));
  expect(said).toEqual([
    ['./DevInfo/Mod', '200'],
    ['./Nowhere', '404'],
    ['./DevInfo/Man', '200'],
  ]);
});
