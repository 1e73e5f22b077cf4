import { expect, test } from 'vitest';
import { add, get, results, statuses } from './commands.js';
import { declareDevice, declareOwnAccount, openGateway } from './gateway-under-test.js';
import { FarDevice, FarServer, until } from './peers.js';

test('it reads what its table allows of the gateway, and no more', async () => {
  const server = await FarServer.open({
    batches: [[get('who', './DevInfo/Man'), get('records', './GwInventory/Records'), get('all', '.?list=Struct')]],
  });
  const under = await openGateway();
  declareDevice(under, [server], { polling: 'never' });
  declareOwnAccount(under, server, { rights: { './DevInfo': ['Get'] } });
  await new FarDevice(under.url).session();
  await until(() => server.ends.length === 1);
  expect(statuses(server.replies).toSorted()).toEqual(['all=425', 'records=425', 'who=200']);
  expect(results(server.replies)).toEqual(['./DevInfo/Man=Postern']);
});

test('it adds nothing that would be gone with the session, even with all rights', async () => {
  const server = await FarServer.open({
    batches: [[add('node', './Vendor', ''), add('leaf', './Note', 'kept?'), get('root', '.'), get('acl', '.?prop=ACL')]],
  });
  const under = await openGateway();
  declareOwnAccount(under, server);
  const account = under.store.accounts.get('gateway', server.serverId);
  if (account === undefined) throw new Error('no account');
  await under.gateway.tryAccount(account);
  expect(statuses(server.replies)).toEqual(['node=425', 'leaf=425', 'root=200', 'acl=200']);
  expect(results(server.replies)).toEqual(['.=DevInfo/DevDetail/DMAcc/GwInventory', '.?prop=ACL=Get=*']);
});
