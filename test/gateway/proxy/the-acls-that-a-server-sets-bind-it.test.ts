import { expect, test } from 'vitest';
import type { ServerCommand } from '#src/dm/syncml/index.js';
import { add, atomic, get, replace, statuses } from '../commands.js';
import { declareDevice, deviceId, openGateway } from '../gateway-under-test.js';
import { FarDevice, FarServer } from '../peers.js';

const remove = (CmdID: string, LocURI: string): ServerCommand => ({ name: 'Delete', CmdID, Item: [{ Target: { LocURI } }] });

async function ask(...batches: ServerCommand[][]) {
  const server = await FarServer.open({ batches });
  const under = await openGateway();
  declareDevice(under, [server]);
  const device = new FarDevice(under.url);
  await device.session();
  return { under, device, said: statuses(server.replies) };
}

test('what it does not grant itself gets 425 and does not reach the device', async () => {
  const { said, device } = await ask(
    [add('a', './Room/Lamp', 'on'), replace('acl', './Room?prop=ACL', 'Get=operator')],
    [replace('r', './Room/Lamp', 'off'), get('g', './Room/Lamp'), atomic('at', replace('m', './Room/Lamp', 'off'))],
  );
  expect(said).toEqual(['acl=200', 'a=200', 'r=425', 'at=507', 'm=425', 'g=200']);
  expect(device.tree.read('./Room/Lamp')).toBe('on');
});

test('it can open again what it has closed, by its right on the parent', async () => {
  const { said, device } = await ask(
    [add('a', './Room/Lamp', 'on'), replace('acl', './Room?prop=ACL', 'Get=operator')],
    [replace('open', './Room?prop=ACL', '')],
    [replace('r', './Room/Lamp', 'off')],
  );
  expect(said).toEqual(['acl=200', 'a=200', 'open=200', 'r=200']);
  expect(device.tree.read('./Room/Lamp')).toBe('off');
});

test('a deeper ACL keeps a whole subtree from being deleted; the ACLs of what is deleted go with it', async () => {
  const { said, under } = await ask(
    [add('a', './Room/Lamp', 'on'), replace('acl', './Room/Lamp?prop=ACL', 'Get=operator')],
    [remove('d1', './Room')],
    [replace('open', './Room/Lamp?prop=ACL', 'Get=*&Delete=*')],
    [remove('d2', './Room')],
  );
  expect(said).toEqual(['acl=200', 'a=200', 'd1=425', 'open=200', 'd2=200']);
  expect(under.store.acls.list(deviceId, 'operator').size).toBe(0);
});

test('no other server is bound by it', async () => {
  const closing = await FarServer.open({ serverId: 'closing', batches: [[replace('acl', './Room?prop=ACL', 'Get=closing')]] });
  const other = await FarServer.open({ serverId: 'other', batches: [[add('a', './Room/Lamp', 'on')]] });
  const under = await openGateway();
  declareDevice(under, [closing, other]);
  await new FarDevice(under.url).session();
  expect(statuses(other.replies)).toEqual(['a=200']);
});
