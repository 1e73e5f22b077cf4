import { expect, it, onTestFinished } from 'vitest';
import type { ServerCommand } from '#src/dm/syncml/index.js';
import { executeCommands, ManagementTree, parseAcl, provideLeaf, StoredInterior, StoredLeaf } from '#src/dm/tree/index.js';
import { type AccountTerms, deviceId, Site } from '../../e2e/site.js';
import { codes, manage, manageGateway, onDevice, openAuthority, values } from '../management.js';

const ids = 'DM10:6.1.1.3-1, SCH:6.1.1.3-1, CP:6.1.1-7';
const item = { Target: { LocURI: './Own/Leaf' }, Data: 'new' };
const operations: readonly ServerCommand[] = [
  { name: 'Get', CmdID: '1', Item: [item] },
  { name: 'Replace', CmdID: '2', Item: [item] },
  { name: 'Add', CmdID: '3', Item: [{ ...item, Target: { LocURI: './Own/Leaf2' } }] },
  { name: 'Exec', CmdID: '4', Item: [{ Target: { LocURI: './Own/Run' } }] },
  { name: 'Delete', CmdID: '5', Item: [{ Target: { LocURI: './Own/Leaf' } }] },
];

/** ./Own with a leaf and something to execute, for the server "owner" alone. */
function ownersTree(): { tree: ManagementTree; runs: () => number } {
  const tree = new ManagementTree({ rootAcl: parseAcl('Get=*&Add=*') });
  let runs = 0;
  tree.mount('./Own', new StoredInterior({ children: [['Leaf', new StoredLeaf({ value: 'old' })]] }));
  const exec = () => {
    runs += 1;
    return 200;
  };
  tree.mount('./Own/Run', provideLeaf({ format: 'null', access: ['Exec'], exec }));
  tree.setAcl(['Own'], parseAcl('Add=owner&Delete=owner&Exec=owner&Get=owner&Replace=owner'));
  return { tree, runs: () => runs };
}

const statusesFor = async (serverId: string, command: ServerCommand) => {
  const { tree, runs } = ownersTree();
  const replies = await executeCommands(tree, [command], { serverId });
  return { codes: replies.flatMap((reply) => (reply.name === 'Status' ? [reply.Data] : [])), replies, tree, runs };
};

it.each(operations)(
  `${ids}: $name is refused with 425 to a server without the right, and done for the one that has it`,
  async (command) => {
    const refused = await statusesFor('stranger', command);
    expect(refused.codes).toEqual(['425']);
    expect(refused.replies.some(({ name }) => name === 'Results')).toBe(false);
    expect(refused.tree.read('./Own/Leaf')).toBe('old');
    expect(refused.runs()).toBe(0);
    expect((await statusesFor('owner', command)).codes).toEqual(['200']);
  },
);

it(`${ids}: nor may a server without the right give it to itself`, async () => {
  const acl: ServerCommand = {
    name: 'Replace',
    CmdID: '1',
    Item: [{ Target: { LocURI: './Own?prop=ACL' }, Data: 'Get=*&Replace=*' }],
  };
  const { codes: refused, tree } = await statusesFor('stranger', acl);
  expect(refused).toEqual(['425']);
  const read = await executeCommands(tree, operations.slice(0, 1), { serverId: 'stranger' });
  expect(read.map((reply) => (reply.name === 'Status' ? reply.Data : ''))).toEqual(['425']);
});

it(`${ids}: the gateway’s own servers read it, and change nothing of it`, async () => {
  const site = await Site.open();
  onTestFinished(() => site.close());
  await site.addOwnAccount();
  const results = await manageGateway(
    site,
    { command: 'Get', uri: './DevInfo/Mod' },
    { command: 'Replace', uri: './DevInfo/Mod', data: 'Mine', format: 'chr' },
    { command: 'Replace', uri: './DMAcc/operator/AppAddr/1/Addr', data: 'https://elsewhere.example/', format: 'chr' },
    { command: 'Delete', uri: './DMAcc/operator' },
    { command: 'Get', uri: './DevInfo/Mod' },
  );
  const seen = results.map(codes);
  expect([seen[0], seen[4]]).toEqual([[200], [200]]);
  for (const refused of seen.slice(1, 4)) expect([[405], [425], [404]]).toContainEqual(refused);
  expect(results[4]?.results).toMatchObject([{ data: 'DM Gateway' }]);
});

async function openDevice(account: AccountTerms) {
  const site = await Site.open();
  onTestFinished(() => site.close());
  const device = await site.startDevice(await site.addDevice({ account }));
  /** How many commands on ./Vendor the device has carried out. */
  const executed = () => site.printed.filter((line) => line.includes('"event":"executed"') && line.includes('./Vendor')).length;
  return { site, device, executed };
}

it(`${ids}: on a device, what the account's rights do not name gets 425 and never reaches it`, async () => {
  const { site, device, executed } = await openDevice({ rights: { './DevInfo': ['Get'], './Vendor/Lamp/Level': ['Get', 'Replace'] } });
  const before = await onDevice(device, ['./Vendor/Lamp/Name', './Vendor/Count']);
  const refused = await manage(
    site,
    device,
    { command: 'Get', uri: './Vendor/Lamp/Name' },
    { command: 'Get', uri: './Vendor?list=TNDS' },
    { command: 'Replace', uri: './Vendor/Lamp/Name', data: 'Mine', format: 'chr' },
    { command: 'Add', uri: './Vendor/New', data: 'mine', format: 'chr' },
    { command: 'Delete', uri: './Vendor/Lamp/Name' },
    { command: 'Exec', uri: './Vendor/Counter' },
  );
  expect(refused.map(codes)).toEqual(refused.map(() => [425]));
  expect(executed()).toBe(0);
  expect(await onDevice(device, ['./Vendor/Lamp/Name', './Vendor/Count'])).toEqual(before);
  const granted = await manage(
    site,
    device,
    { command: 'Get', uri: './DevInfo/DevId' },
    { command: 'Replace', uri: './Vendor/Lamp/Level', data: '7', format: 'int' },
  );
  expect(granted.map(codes)).toEqual([[200], [200]]);
  expect(executed()).toBe(1);
  expect(await device.read('./Vendor/Lamp/Level')).toBe('7');
});

it(`${ids}: the ACL that a server sets on a device binds it from then on, and opens nothing that was closed to it`, async () => {
  const all = ['Get', 'Replace', 'Add', 'Delete', 'Exec'] as const;
  const { site, device } = await openDevice({ rights: { './Vendor/Lamp': [...all] } });
  const set = await manage(
    site,
    device,
    { command: 'Replace', uri: './Vendor/Lamp/Level?prop=ACL', data: 'Get=operator', format: 'chr' },
    { command: 'Replace', uri: './Vendor?prop=ACL', data: 'Get=*&Replace=*', format: 'chr' },
  );
  expect(set.map(codes)).toEqual([[200], [425]]);
  const [level] = await onDevice(device, ['./Vendor/Lamp/Level']);
  const [read, write, beside, closed] = await manage(
    site,
    device,
    { command: 'Get', uri: './Vendor/Lamp/Level' },
    { command: 'Replace', uri: './Vendor/Lamp/Level', data: '99', format: 'int' },
    { command: 'Replace', uri: './Vendor/Lamp/Name', data: 'Mine', format: 'chr' },
    { command: 'Get', uri: './Vendor/Count' },
  );
  expect(values(read)).toEqual([level]);
  expect([write, beside, closed].map(codes)).toEqual([[425], [200], [425]]);
  expect(await onDevice(device, ['./Vendor/Lamp/Level', './Vendor/Lamp/Name'])).toEqual([level, './Vendor/Lamp/Name = Mine']);
});

it(`${ids}: a server without an account manages nothing, whatever it has in store`, async () => {
  const { site, device } = await openDevice({});
  const stranger = await openAuthority(site, 'stranger');
  await stranger.door.addClient({ id: deviceId, ...site.newPasswords('stranger') });
  const { id } = await stranger.door.queueCommand({ id: deviceId, command: 'Get', uri: './DevInfo/DevId' });
  const [own] = await manage(site, device, { command: 'Get', uri: './DevInfo/DevId' });
  expect(codes(own)).toEqual([200]);
  expect(await stranger.door.showCommand({ id })).toMatchObject({ state: 'queued' });
});
