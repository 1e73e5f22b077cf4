import { expect, test } from 'vitest';
import { demandsOf, type Rights, RightsTable } from '#src/authority/index.js';
import type { Item, NodeCommand } from '#src/dm/syncml/index.js';

const at = (LocURI: string, more: Item = {}): Item => ({ Target: { LocURI }, ...more });

function isAllowed(rights: Rights, name: NodeCommand['name'], item: Item, written?: readonly string[]): boolean {
  const table = new RightsTable(rights);
  return demandsOf({ name, CmdID: '1', Item: [item] } as NodeCommand, item, written).every((demand) => table.permits(demand));
}

const secretInside: Rights = { './A': ['Get', 'Replace', 'Add', 'Delete', 'Exec'], './A/Secret': [] };

test.each<[NodeCommand['name'], Item, boolean]>([
  ['Get', at('./A'), true],
  ['Get', at('./A?prop=ACL'), true],
  ['Get', at('./A?list=Struct'), false],
  ['Get', at('./A?list=StructData'), false],
  ['Get', at('./A?list=TNDS'), false],
  ['Get', at('./A%3Flist=TNDS'), false],
  ['Get', at('./A?prop=Name&list=TNDS'), false],
  ['Get', at('./A/B?list=TNDS'), true],
  ['Exec', at('./A'), true],
  ['Delete', at('./A'), false],
  ['Delete', at('./A/B'), true],
  ['Replace', at('./A', { Data: 'x' }), true],
  ['Replace', at('./A?prop=ACL', { Data: 'Get=*' }), true],
  ['Replace', at('./A/Secret?prop=ACL', { Data: 'Get=*' }), false],
  ['Replace', at('./A?prop=Name', { Data: 'B' }), false],
  ['Add', at('./A/B'), true],
  ['Copy', at('./A/B', { Source: { LocURI: './A/C' } }), true],
  ['Copy', at('./A/B', { Source: { LocURI: './A' } }), false],
  ['Copy', at('./A', { Source: { LocURI: './A/B' } }), false],
  ['Copy', at('./A/B', { Source: { LocURI: './Other' } }), false],
  ['Copy', at('./A/B'), false],
  ['Get', {}, false],
])('%s %j where something inside is forbidden: %s', (name, item, expected) => {
  expect(isAllowed(secretInside, name, item)).toBe(expected);
});

test('a Copy needs Get at its source, Add and Replace at its target', () => {
  const copy = at('./T', { Source: { LocURI: './S' } });
  expect(isAllowed({ './S': ['Get'], './T': ['Add', 'Replace'] }, 'Copy', copy)).toBe(true);
  expect(isAllowed({ './S': ['Get'], './T': ['Add'] }, 'Copy', copy)).toBe(false);
  expect(isAllowed({ './S': ['Get'], './T': ['Replace'] }, 'Copy', copy)).toBe(false);
  expect(isAllowed({ './S': ['Replace'], './T': ['Add', 'Replace'] }, 'Copy', copy)).toBe(false);
});

test('what a serialised tree writes is about everything below each of its nodes', () => {
  const tree = at('./A/B');
  expect(isAllowed(secretInside, 'Add', tree, ['./A/B', './A/B/x'])).toBe(true);
  expect(isAllowed(secretInside, 'Add', tree, ['./A/B', './Other'])).toBe(false);
  expect(isAllowed(secretInside, 'Replace', tree, ['./A'])).toBe(false);
});

test('a node that gets another name comes under the rules of its new place', () => {
  const rights: Rights = { './A': ['Replace', 'Add'], './A/Private': [] };
  const rename = (Data: string) => isAllowed(rights, 'Replace', at('./A/Old?prop=Name', { Data }));
  expect(rename('New')).toBe(true);
  expect(rename('Private')).toBe(false);
  expect(rename('x/../Private')).toBe(false);
  expect(rename('Priv%61te')).toBe(false);
  expect(rename('Private?x')).toBe(false);
  expect(isAllowed(rights, 'Replace', at('./A/Old?prop=Name', { Data: { markup: '<x/>' } }))).toBe(false);
  expect(isAllowed({ './A': ['Replace'] }, 'Replace', at('./A/Old?prop=Name', { Data: 'New' }))).toBe(false);
});

test('and what is closed inside does not come along', () => {
  const rights: Rights = { '.': ['Replace', 'Add', 'Get'], './A/Secret': [] };
  expect(isAllowed(rights, 'Replace', at('./A?prop=Name', { Data: 'B' }))).toBe(false);
  expect(isAllowed(rights, 'Replace', at('./C?prop=Name', { Data: 'B' }))).toBe(true);
});
