import { describe, expect, test } from 'vitest';
import type { ServerCommand } from '#src/dm/syncml/index.js';
import { tndsType } from '#src/dm/tree/index.js';
import { add, atomic, get, replace, results, sequence, statuses } from '../commands.js';
import { accountAt, declareDevice, deviceId, type GatewayOptions, openGateway } from '../gateway-under-test.js';
import { FarDevice, FarServer } from '../peers.js';

async function ask(options: GatewayOptions, ...batches: ServerCommand[][]) {
  const server = await FarServer.open({ batches });
  const under = await openGateway(options);
  declareDevice(under, [server]);
  const device = new FarDevice(under.url);
  const before = device.tree.read('./DMAcc/postern/AAuthSecret');
  await device.session();
  const touched = JSON.stringify(device.executed);
  return { server, under, device, touched, before, said: statuses(server.replies), got: results(server.replies) };
}

test('an ACL is kept here for its server, and the device never hears of it', async () => {
  const { said, got, touched, under } = await ask({}, [
    get('g1', './Room?prop=ACL'),
    replace('r', './Room?prop=ACL', 'Get=operator&Replace=operator'),
    get('g2', './Room?prop=ACL'),
    get('root', '.?prop=ACL'),
    replace('bad', './Room?prop=ACL', 'Dance=operator'),
    { name: 'Delete', CmdID: 'd', Item: [{ Target: { LocURI: './Room?prop=ACL' } }] },
  ]);
  expect(said).toEqual(['g1=200', 'r=200', 'g2=200', 'root=200', 'bad=400', 'd=405']);
  expect(got).toEqual(['./Room?prop=ACL=', './Room?prop=ACL=Get=operator&Replace=operator', '.?prop=ACL=Add=*&Get=*']);
  expect(touched).not.toContain('ACL');
  expect(under.store.acls.get(deviceId, 'other', './Room')).toBeUndefined();
});

test('more ACLs than are kept get a status, not an end', async () => {
  const { said } = await ask({ limits: { aclRows: 1 } }, [
    replace('one', './A?prop=ACL', 'Get=*'),
    replace('two', './B?prop=ACL', 'Get=*'),
    get('g', './DevInfo/Man'),
  ]);
  expect(said).toEqual(['one=200', 'two=420', 'g=200']);
});

test('an ACL or a URI that is too long to be kept is refused', async () => {
  const ids = (characters: number) => `Get=${'a'.repeat(characters - 4)}`;
  const { said, under } = await ask({}, [
    replace('most', './A?prop=ACL', ids(2_048)),
    replace('more', './B?prop=ACL', ids(2_049)),
    replace('uri', `./${'b'.repeat(200)}/${'c'.repeat(200)}/${'d'.repeat(200)}/${'e'.repeat(200)}/${'f'.repeat(230)}?prop=ACL`, 'Get=*'),
  ]);
  expect(said).toEqual(['most=200', 'more=413', 'uri=414']);
  expect([...under.store.acls.list(deviceId, 'operator').keys()]).toEqual(['./A']);
});

test('a server sees its own account and no secret in it', async () => {
  const { said, got, touched } = await ask({}, [
    get('list', './DMAcc'),
    get('id', './DMAcc/operator/ServerID'),
    get('secret', './DMAcc/operator/AppAuth/Client/AAuthSecret'),
    get('gateway', './DMAcc/postern/AAuthSecret'),
    get('all', './DMAcc?list=StructData'),
  ]);
  expect(said).toEqual(['list=200', 'id=200', 'secret=405', 'gateway=404', 'all=200']);
  expect(got.slice(0, 2)).toEqual(['./DMAcc=operator', './DMAcc/operator/ServerID=operator']);
  expect(got.join()).not.toMatch(/north-password|secret|postern/);
  expect(touched).not.toContain('DMAcc');
});

test.each([
  './/DMAcc/postern/AAuthSecret',
  './X/../DMAcc/postern',
  './%44MAcc/postern',
  '/DMAcc/postern',
  'DMAcc/postern',
  './DMAcc/postern?list=TNDS',
])('no spelling leads to the account of the gateway: %s', async (uri) => {
  const { touched, got } = await ask({}, [
    get('g', uri),
    { name: 'Delete', CmdID: 'd', Item: [{ Target: { LocURI: uri.split('?')[0] ?? '' } }] },
  ]);
  expect(touched).not.toMatch(/MAcc/);
  expect(got.join()).not.toContain('the-gateways-secret');
});

test('a server may change the password of its own account, and the next session uses it', async () => {
  const { said, under, device } = await ask({}, [replace('r', './DMAcc/operator/AppAuth/Client/AAuthSecret', 'changed')]);
  expect(said).toEqual(['r=200']);
  expect(under.store.accounts.get(deviceId, 'operator')?.clientSecret).toEqual({ kind: 'password', value: 'changed' });
  const same = await FarServer.open({ password: 'changed', batches: [[get('g', './DevInfo/Man')]] });
  const account = under.store.accounts.get(deviceId, 'operator');
  if (account !== undefined) under.store.accounts.declare({ ...account, address: same.url });
  await device.session();
  expect(results(same.replies)).toEqual(['./DevInfo/Man=Acme']);
});

test('what the configuration declares no server changes', async () => {
  const server = await FarServer.open({ batches: [[replace('r', './DMAcc/operator/AppAuth/Client/AAuthSecret', 'changed')]] });
  const under = await openGateway();
  declareDevice(under);
  under.store.accounts.declare(accountAt(server, deviceId, { origin: 'config' }));
  await new FarDevice(under.url).session();
  expect(statuses(server.replies)).toEqual(['r=405']);
  expect(under.store.accounts.get(deviceId, 'operator')?.clientSecret.value).toBe('north-password');
});

describe('trees in one piece', () => {
  test('a list from the root has neither the account of the gateway nor its ACLs', async () => {
    for (const root of ['.', './']) {
      for (const form of ['Struct', 'StructData', 'TNDS']) {
        const { got } = await ask({}, [get('g', `${root}?list=${form}`)]);
        expect(got.join(), `${root} ${form}`).toContain('DevInfo');
        expect(got.join(), `${root} ${form}`).not.toMatch(/DMAcc|the-gateways-secret|ACL/);
      }
    }
  });

  test('a tree is passed south without the ACLs in it', async () => {
    const tree = `<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD><Node><NodeName>Room</NodeName><RTProperties><ACL>Get=operator</ACL></RTProperties><Value>hall</Value></Node></MgmtTree>`;
    const { said, device, touched } = await ask({}, [add('a', './Room', tree, tndsType)]);
    expect(said).toEqual(['a=200']);
    expect(device.tree.read('./Room')).toBe('hall');
    expect(touched).not.toContain('ACL');
  });

  test.each([
    ['.', '', 'DMAcc'],
    ['./', '', 'DMAcc'],
    ['.', 'DMAcc', 'evil'],
    ['./Inbox', './DMAcc', 'evil'],
  ])('a tree that would write an account is refused: at %s with Path %s', async (target, path, name) => {
    const tree = `<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD><Node><NodeName>${name}</NodeName><Path>${path}</Path><Node><NodeName>x</NodeName><Value>y</Value></Node></Node></MgmtTree>`;
    const { said, touched } = await ask({}, [add('a', target, tree, tndsType), get('g', './DevInfo/Man')]);
    expect(said).toEqual(['a=425', 'g=200']);
    expect(touched).not.toContain('evil');
  });

  test('a tree that cannot be read is refused', async () => {
    const { said } = await ask({}, [add('a', './Room', '<MgmtTree><Node>', tndsType)]);
    expect(said).toEqual(['a=400']);
  });

  test('a text that speaks of trees is no tree', async () => {
    const { said, got } = await ask({}, [add('a', './Note', 'a note about <MgmtTree>'), get('g', './Note')]);
    expect(said).toEqual(['a=200', 'g=200']);
    expect(got).toEqual(['./Note=a note about <MgmtTree>']);
  });
});

test('a block that touches the overlay is refused whole', async () => {
  const { said, touched, device } = await ask({}, [
    atomic('a', add('a1', './X', '1'), replace('a2', './DMAcc/operator/Name', 'n')),
    sequence('s', get('s1', './X?prop=ACL'), get('s2', './DevInfo/Man')),
    get('g', './DevInfo/Mod'),
  ]);
  expect(said).toEqual(['a=507', 'a1=215', 'a2=406', 's=406', 's1=406', 's2=215', 'g=200']);
  expect(device.tree.read('./X')).toBeUndefined();
  expect(touched).not.toContain('Atomic');
});

test('a command with several Items is divided: ours is answered here, the rest by the device', async () => {
  const { got, touched } = await ask({}, [get('g', './DevInfo/Man', './DevInfo/Man?prop=ACL', './DMAcc')]);
  expect(got.toSorted()).toEqual(['./DMAcc=operator', './DevInfo/Man=Acme', './DevInfo/Man?prop=ACL=']);
  expect(touched).not.toContain('DMAcc');
});
