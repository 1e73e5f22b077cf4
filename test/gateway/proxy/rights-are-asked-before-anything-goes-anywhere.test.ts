import { expect, test } from 'vitest';
import type { Reply, ServerCommand } from '#src/dm/syncml/index.js';
import { tndsType } from '#src/dm/tree/index.js';
import type { Rights } from '#src/gateway/index.js';
import { add, atomic, exec, get, replace, results, sequence, statuses } from '../commands.js';
import { accountAt, declareDevice, deviceId, openGateway } from '../gateway-under-test.js';
import { FarDevice, FarServer } from '../peers.js';

async function ask(rights: Rights, ...commands: ServerCommand[]) {
  const server = await FarServer.open({ batches: [commands] });
  const under = await openGateway();
  declareDevice(under);
  under.store.accounts.declare(accountAt(server, deviceId, { rights }));
  const device = new FarDevice(under.url);
  expect(await device.session()).toMatchObject({ reason: 'complete' });
  const touched = JSON.stringify(device.executed);
  return { server, under, device, touched, said: statuses(server.replies), got: results(server.replies) };
}

const readOnly: Rights = { './DevInfo': ['Get'] };

function targetsOf(replies: readonly Reply[], cmdRef: string): string[] {
  return replies.flatMap((reply) =>
    reply.name === 'Status' && reply.CmdRef === cmdRef ? [`${(reply.TargetRef ?? []).join()}=${reply.Data}`] : [],
  );
}

test('what is not allowed gets 425 and does not reach the device, the rest does', async () => {
  const { said, got, touched } = await ask(
    readOnly,
    get('g', './DevInfo/Man'),
    replace('r', './DevInfo/Lang', 'de'),
    add('a', './X', '1'),
    { name: 'Delete', CmdID: 'd', Item: [{ Target: { LocURI: './X' } }] },
    exec('e', './Update'),
    get('t', './DevDetail/FwV'),
    { name: 'Copy', CmdID: 'c', Item: [{ Source: { LocURI: './DevInfo/Man' }, Target: { LocURI: './Y' } }] },
  );
  expect(said.toSorted()).toEqual(['a=425', 'c=425', 'd=425', 'e=425', 'g=200', 'r=425', 't=425']);
  expect(got).toEqual(['./DevInfo/Man=Acme']);
  expect(touched).not.toMatch(/Replace|Add|Delete|Copy|Update/);
});

test('several Items of a command are answered one by one', async () => {
  const { server, got, touched } = await ask(readOnly, get('g', './DevInfo/Man', './DevDetail/SwV', './DevInfo/Mod', './Secret'));
  expect(targetsOf(server.replies, 'g').toSorted()).toEqual([
    './DevDetail/SwV=425',
    './DevInfo/Man=200',
    './DevInfo/Mod=200',
    './Secret=425',
  ]);
  expect(got).toEqual(['./DevInfo/Man=Acme', './DevInfo/Mod=Lamp']);
  expect(touched).not.toMatch(/SwV|Secret/);
});

test('a Status of the device for all that was left says what it is about', async () => {
  const { server } = await ask(readOnly, get('g', './DevInfo/Man', './Secret'), get('h', './DevInfo/Man', './DevInfo/Mod'));
  expect(targetsOf(server.replies, 'g').toSorted()).toEqual(['./DevInfo/Man=200', './Secret=425']);
  const whole = await FarServer.open({ batches: [[get('g', './DevInfo/Man', './Secret', './DevInfo/Mod')]] });
  const under = await openGateway();
  declareDevice(under);
  under.store.accounts.declare(accountAt(whole, deviceId, { rights: readOnly }));
  const instead = (commands: readonly ServerCommand[]) =>
    commands.map(({ name, CmdID }) => ({ name: 'Status', CmdRef: CmdID, Cmd: name, Data: '404' }) as const);
  await new FarDevice(under.url, { instead }).session();
  expect(targetsOf(whole.replies, 'g').toSorted()).toEqual(['./DevInfo/Man,./DevInfo/Mod=404', './Secret=425']);
});

test('an Atomic with a forbidden member is not sent: it gets 425, the others 215, the Atomic 507', async () => {
  const block = atomic('a', add('a1', './X', '1'), get('a2', './DevInfo/Man'), sequence('a3', add('a4', './X/Y', '2')));
  const { said, touched, device } = await ask({ './X': ['Add'] }, block, add('b', './X', '3'));
  expect(said).toEqual(['a=507', 'a1=215', 'a2=425', 'a3=215', 'a4=215', 'b=200']);
  expect(device.tree.read('./X')).toBe('3');
  expect(touched).not.toContain('Atomic');
});

test('a Sequence with a forbidden member is not sent: both get 425, the other members 215', async () => {
  const { said, touched } = await ask(
    readOnly,
    sequence('s', get('s1', './DevInfo/Man'), exec('s2', './Update')),
    get('g', './DevInfo/Mod'),
  );
  expect(said).toEqual(['s=425', 's1=215', 's2=425', 'g=200']);
  expect(touched).not.toContain('Sequence');
});

test('a block with nothing forbidden in it is sent', async () => {
  const { said, device } = await ask({ './X': ['Add', 'Replace'] }, atomic('a', add('a1', './X', '1'), replace('a2', './X', '2')));
  expect(said).toEqual(expect.arrayContaining(['a=200', 'a1=200', 'a2=200']));
  expect(device.tree.read('./X')).toBe('2');
});

test('what is answered here is asked for rights too', async () => {
  const { said, under } = await ask(
    { './Room': ['Get'] },
    get('own', './DMAcc'),
    replace('password', './DMAcc/operator/AppAuth/Client/AAuthSecret', 'changed'),
    replace('acl', './Room?prop=ACL', 'Get=*'),
    get('read', './Room?prop=ACL'),
  );
  expect(said.toSorted()).toEqual(['acl=425', 'own=425', 'password=425', 'read=200']);
  expect(under.store.accounts.get(deviceId, 'operator')?.clientSecret.value).toBe('north-password');
  expect(under.store.acls.get(deviceId, 'operator', './Room')).toBeUndefined();
});

test('a list, a Delete or a tree about more than is allowed is refused', async () => {
  const rights: Rights = { '.': ['Get', 'Add', 'Replace', 'Delete'], './DevInfo': [] };
  const { said, touched } = await ask(
    rights,
    get('list', '.?list=StructData'),
    { name: 'Delete', CmdID: 'delete', Item: [{ Target: { LocURI: '.' } }] },
    get('info', './Room/../DevInfo/Man'),
    get('names', '.'),
  );
  expect(said.toSorted()).toEqual(['delete=425', 'info=425', 'list=425', 'names=200']);
  expect(touched).not.toMatch(/list|Delete|Man/);
});

test.each([
  ['./Room', '', 'Lamp', '200'],
  ['.', '', 'DevInfo', '425'],
  ['./Room', './DevInfo', 'Man', '425'],
  ['./Room', '../DevInfo', 'Man', '425'],
])('a tree at %s with Path "%s" that writes %s: %s', async (target, path, name, expected) => {
  const rights: Rights = { '.': ['Add'], './DevInfo': [] };
  const tree = `<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD><Node><NodeName>${name}</NodeName><Path>${path}</Path><Value>evil</Value></Node></MgmtTree>`;
  const { said, touched } = await ask(rights, add('a', target, tree, tndsType));
  expect(said[0]).toMatch(expected === '425' ? /^a=425$/ : /^a=(?!425)/);
  expect(touched.includes('evil')).toBe(expected !== '425');
});

test('a tree that cannot be read may write anything', async () => {
  const broken = add('a', './Room', '<MgmtTree><Node>', tndsType);
  expect((await ask({ './Room': ['Add'] }, broken)).said).toEqual(['a=425']);
  expect((await ask({ '.': ['Add'] }, broken)).said).toEqual(['a=400']);
});

test('a word to the person at the device needs no right', async () => {
  const { touched } = await ask({}, { name: 'Alert', CmdID: 'a', Data: '1100', Item: [{ Data: 'MINDT=10' }, { Data: 'hello' }] });
  expect(touched).toContain('hello');
});
