import { expect, test } from 'vitest';
import {
  devDetail,
  devDetailDefinition,
  devInfo,
  devInfoDefinition,
  dmAccDefinition,
  gwInventory,
  gwInventoryDefinition,
  hardware,
  hardwareDefinition,
  standardObjects,
} from '#src/dm/objects/index.js';
import { executeCommands, findRow, ManagementTree, parseAcl, StoredInterior, type TreeNode } from '#src/dm/tree/index.js';

const everything = parseAcl('Add=*&Delete=*&Exec=*&Get=*&Replace=*');

function* walk(node: TreeNode, path: readonly string[] = []): Generator<[readonly string[], TreeNode]> {
  if (path.length > 0) yield [path, node];
  if (node.kind === 'leaf') return;
  for (const name of node.children()) yield* walk(node.child(name) as TreeNode, [...path, name]);
}

let firmware = '1.0';
const info = devInfo({ DevId: 'urn:uuid:1', Man: 'M', Mod: 'X', DmV: '1.2', Lang: 'en' });
const detail = devDetail({ DevTyp: 'gateway', OEM: 'O', FwV: () => firmware, SwV: '1', HwV: '2', LrgObj: true });
const inventory = gwInventory({ ids: () => ['d1'], record: () => ({ deviceId: 'urn:uuid:2', status: '1', associationEpoch: '3' }) });
const box = hardware({
  virtual: true,
  memory: 128,
  cpu: { model: 'C', cores: 2 },
  disks: [{ name: '/', type: 'ext4', size: 16 }],
  interfaces: [{ name: 'eth0', mac: '02:00:00:00:00:01' }],
});

test.each([
  ['DevInfo', devInfoDefinition, info],
  ['DevDetail', devDetailDefinition, detail],
  ['inventory', gwInventoryDefinition, inventory],
  ['hardware', hardwareDefinition, box],
] as const)('%s has only nodes of its table, with their format and access', (_name, definition, node) => {
  expect(node.type).toBe(definition.urn);
  for (const [path, found] of walk(node)) {
    expect(findRow(definition, path)).toMatchObject({ format: found.format, access: found.access });
  }
});

test('a computed value is read when it is asked for', () => {
  const tree = new ManagementTree();
  tree.mount('./DevDetail', detail);
  firmware = '1.1';
  expect([tree.read('./DevDetail/FwV'), tree.read('./DevDetail/URI/MaxDepth'), tree.read('./DevDetail/LrgObj')]).toEqual([
    '1.1',
    '32',
    'true',
  ]);
});

test('DevInfo can be neither replaced nor deleted', async () => {
  const tree = new ManagementTree({ rootAcl: everything });
  tree.mount('./DevInfo', info);
  const Item = [{ Target: { LocURI: './DevInfo/DevId' }, Data: 'x' }];
  const replies = await executeCommands(
    tree,
    [
      { name: 'Replace', CmdID: '1', Item },
      { name: 'Delete', CmdID: '2', Item },
    ],
    { serverId: 's' },
  );
  expect(replies.map((reply) => reply.name === 'Status' && reply.Data)).toEqual(['405', '405']);
});

test('every row stands below one that is a node', () => {
  for (const definition of standardObjects) {
    const interior = new Set(definition.rows.filter((row) => row.format === 'node').map((row) => row.path));
    for (const { path } of definition.rows) {
      if (path.includes('/')) expect(interior).toContain(path.slice(0, path.lastIndexOf('/')));
    }
  }
});

test('an account that a server adds gets the rights of its table: its secret cannot be read', async () => {
  const root = new StoredInterior({ children: [['DMAcc', new StoredInterior({ permanent: true, holds: dmAccDefinition.urn })]] });
  const tree = new ManagementTree({ root, rootAcl: everything, objects: standardObjects });
  const add = (uri: string, data: string, format = 'chr') =>
    ({ name: 'Add', CmdID: '1', Item: [{ Target: { LocURI: uri }, Meta: { Format: format }, Data: data }] }) as const;
  const commands = [
    add('./DMAcc/x/AppAuth/1/AAuthSecret', 'hush'),
    { name: 'Get', CmdID: '2', Item: [{ Target: { LocURI: './DMAcc/x/AppAuth/1/AAuthSecret' } }] } as const,
    add('./DMAcc/x/Colour', 'blue'),
    add('./DMAcc/leaf', 'v'),
    add('./DMAcc/x/AppAddr/1/Port/1/PortNbr', '80', 'chr'),
    add('./DMAcc/x/Ext/any/thing', 'v'),
    { name: 'Add', CmdID: '1', Item: [{ Target: { LocURI: './DMAcc/y' }, Meta: { Format: 'node', Type: 'urn:x:other' } }] } as const,
  ];
  const replies = await executeCommands(tree, commands, { serverId: 's' });
  expect(replies.map((reply) => reply.name === 'Status' && reply.Data)).toEqual(['200', '405', '405', '405', '415', '200', '415']);
  expect(tree.find(['DMAcc', 'x'])?.type).toBe(dmAccDefinition.urn);
});

test('hardware that is not known does not stand in the tree', () => {
  const tree = new ManagementTree();
  tree.mount('./Known', box);
  tree.mount('./Unknown', hardware({ disks: [], interfaces: [] }));
  expect(['Memory', 'Cpu/Cores', 'Disks/1/Size', 'Interfaces/1/MAC'].map((leaf) => tree.read(`./Known/${leaf}`))).toEqual([
    '128',
    '2',
    '16',
    '02:00:00:00:00:01',
  ]);
  expect([...walk(tree.find(['Unknown']) as TreeNode)]).toEqual([]);
});
