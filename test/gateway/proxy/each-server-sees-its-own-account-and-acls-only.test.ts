import { expect, test } from 'vitest';
import type { ServerCommand } from '#src/dm/syncml/index.js';
import { get, replace, results, statuses } from '../commands.js';
import { accountAt, declareDevice, deviceId, openGateway } from '../gateway-under-test.js';
import { FarDevice, FarServer } from '../peers.js';

async function both(ofOperator: ServerCommand[][], ofEnterprise: ServerCommand[][]) {
  const operator = await FarServer.open({ serverId: 'operator', password: 'operator-password', batches: ofOperator });
  const enterprise = await FarServer.open({ serverId: 'enterprise', password: 'enterprise-password', batches: ofEnterprise });
  const under = await openGateway();
  declareDevice(under);
  under.store.accounts.declare(accountAt(operator, deviceId, { priority: 1 }));
  under.store.accounts.declare(accountAt(enterprise, deviceId, { priority: 2 }));
  const device = new FarDevice(under.url);
  expect(await device.session()).toMatchObject({ reason: 'complete' });
  return { operator, enterprise, under, touched: JSON.stringify(device.executed) };
}

test('neither its account nor its address is found by another', async () => {
  const look = (own: string, other: string) => [
    [
      get('list', './DMAcc'),
      get('own', `./DMAcc/${own}/ServerID`),
      get('other', `./DMAcc/${other}/ServerID`),
      get('all', './DMAcc?list=StructData'),
    ],
  ];
  const { operator, enterprise, touched } = await both(look('operator', 'enterprise'), look('enterprise', 'operator'));
  for (const [server, other] of [
    [operator, enterprise],
    [enterprise, operator],
  ] as const) {
    expect(statuses(server.replies)).toEqual(['list=200', 'own=200', 'other=404', 'all=200']);
    const seen = results(server.replies).join('\n');
    expect(seen).toContain(server.serverId);
    expect(seen).not.toContain(other.serverId);
    expect(seen).not.toContain(other.url);
    expect(seen).not.toContain('password');
  }
  expect(touched).not.toContain('DMAcc');
});

test('nor can it change the password of another', async () => {
  const { enterprise, under } = await both([], [[replace('r', './DMAcc/operator/AppAuth/Client/AAuthSecret', 'stolen')]]);
  expect(statuses(enterprise.replies)[0]).toMatch(/^r=4/);
  expect(under.store.accounts.get(deviceId, 'operator')?.clientSecret.value).toBe('operator-password');
});

test('an ACL that one has set, the other does not see and does not overwrite', async () => {
  const { operator, enterprise, under } = await both(
    [[replace('r', './Room?prop=ACL', 'Get=operator'), get('g', './Room?prop=ACL')]],
    [[get('before', './Room?prop=ACL'), replace('r', './Room?prop=ACL', 'Get=enterprise'), get('after', './Room?prop=ACL')]],
  );
  expect(results(operator.replies)).toEqual(['./Room?prop=ACL=Get=operator']);
  expect(results(enterprise.replies)).toEqual(['./Room?prop=ACL=', './Room?prop=ACL=Get=enterprise']);
  expect(under.store.acls.get(deviceId, 'operator', './Room')).toBe('Get=operator');
});
