import { expect, test } from 'vitest';
import { testRows } from './table.js';
import { change, del, get, run, sampleTree } from './tree-table.js';

const readOnly = { '.': 'Add=*&Get=*' };
const acl = (uri: string, value: string) => [change('Replace', `${uri}?prop=ACL`, value)];

testRows([
  { title: 'Get', acl: { './A/b': 'Replace=*' }, commands: [get('./A/b')], replies: ['1 Get 425 ./A/b'] },
  { title: 'Get of a property', acl: { './A/b': 'Replace=*' }, commands: [get('./A/b?prop=Name')], replies: ['1 Get 425 ./A/b?prop=Name'] },
  {
    title: 'Replace',
    acl: readOnly,
    commands: [change('Replace', './A/b', 'x')],
    replies: ['1 Replace 425 ./A/b'],
    tree: { './A/b': 'one' },
  },
  { title: 'Delete', acl: readOnly, commands: [del('./A/b')], replies: ['1 Delete 425 ./A/b'], tree: { './A/b': 'one' } },
  { title: 'Add', acl: { './E': 'Get=*' }, commands: [change('Add', './E/x', '1')], replies: ['1 Add 425 ./E/x'], tree: { './E/x': null } },
  {
    title: 'Add with missing parents',
    acl: { './E': 'Get=*' },
    commands: [change('Add', './E/x/y', '1')],
    replies: ['1 Add 425 ./E/x/y'],
    tree: { './E/x': null },
  },
  {
    title: 'once a node grants anything it inherits nothing',
    acl: { './A': 'Replace=srv' },
    commands: [get('./A/b')],
    replies: ['1 Get 425 ./A/b'],
  },
  {
    title: 'a server by its own id',
    acl: { './A': 'Get=other+srv' },
    commands: [get('./A/b')],
    replies: ['1 Get 200 ./A/b', '= ./A/b chr text/plain "one"'],
  },
  { title: 'a server by another id', acl: { './A': 'Get=other+srv2' }, commands: [get('./A/b')], replies: ['1 Get 425 ./A/b'] },
  {
    title: 'the ACL of an inheriting node is empty',
    commands: [get('./A/b?prop=ACL')],
    replies: ['1 Get 200 ./A/b?prop=ACL', '= ./A/b?prop=ACL chr text/plain ""'],
  },
  {
    title: 'the own ACL',
    acl: { './A/b': 'Get=srv' },
    commands: [get('./A/b?prop=ACL')],
    replies: ['1 Get 200 ./A/b?prop=ACL', '= ./A/b?prop=ACL chr text/plain "Get=srv"'],
  },
  {
    title: 'ACL of a leaf: Replace on the leaf is not enough',
    acl: { './A': 'Get=*', './A/b': 'Replace=srv' },
    commands: acl('./A/b', 'Get=srv'),
    replies: ['1 Replace 425 ./A/b?prop=ACL'],
  },
  {
    title: 'ACL of a leaf: Replace on its parent is',
    acl: { './A': 'Replace=srv', './A/b': 'Get=*' },
    commands: acl('./A/b', 'Get=srv'),
    replies: ['1 Replace 200 ./A/b?prop=ACL'],
  },
  {
    title: 'ACL of an interior node: Replace on the node',
    acl: { './A': 'Get=*', './A/C': 'Replace=srv' },
    commands: acl('./A/C', 'Get=srv'),
    replies: ['1 Replace 200 ./A/C?prop=ACL'],
  },
  {
    title: 'ACL of an interior node: Replace on its parent',
    acl: { './A': 'Replace=srv', './A/C': 'Get=*' },
    commands: acl('./A/C', 'Get=srv'),
    replies: ['1 Replace 200 ./A/C?prop=ACL'],
  },
  {
    title: 'ACL of an interior node: neither',
    acl: { './A': 'Get=*' },
    commands: acl('./A/C', 'Get=srv'),
    replies: ['1 Replace 425 ./A/C?prop=ACL'],
  },
  { title: 'an ACL that is none', commands: acl('./A/b', 'Read=*'), replies: ['1 Replace 400 ./A/b?prop=ACL'] },
  { title: 'the root keeps an ACL', commands: acl('.', ''), replies: ['1 Replace 405 .?prop=ACL'] },
  {
    title: 'the root keeps an ACL even if nobody may Add',
    acl: { '.': 'Replace=*' },
    commands: acl('.', ''),
    replies: ['1 Replace 405 .?prop=ACL'],
  },
  { title: 'the root keeps who may Add', commands: acl('.', 'Add=srv&Get=*'), replies: ['1 Replace 405 .?prop=ACL'] },
  {
    title: 'the rest of the root ACL can change',
    commands: [...acl('.', 'Add=*&Get=other'), get('./A/b')],
    replies: ['1 Replace 200 .?prop=ACL', '1 Get 425 ./A/b'],
  },
]);

test('who makes an interior node without Replace on its parent may change it, and nobody else', async () => {
  const tree = sampleTree(readOnly);
  const added = await run(tree, [
    change('Add', './E/mine', undefined, 'node'),
    change('Add', './E/mine/v', '1'),
    change('Replace', './E/mine/v', '2'),
  ]);
  expect(added).toEqual(['1 Add 200 ./E/mine', '1 Add 200 ./E/mine/v', '1 Replace 200 ./E/mine/v']);
  expect(await run(tree, [change('Replace', './E/mine/v', '3'), get('./E/mine/v')], { serverId: 'other' })).toEqual([
    '1 Replace 425 ./E/mine/v',
    '1 Get 200 ./E/mine/v',
    '= ./E/mine/v chr text/plain "2"',
  ]);
});

test('a node made where its creator may Replace the parent has no ACL of its own', async () => {
  const tree = sampleTree();
  const replies = await run(tree, [change('Add', './E/n', undefined, 'node'), get('./E/n?prop=ACL')]);
  expect(replies.at(-1)).toBe('= ./E/n?prop=ACL chr text/plain ""');
});

test('a removed server leaves no right behind, and the root stays open', async () => {
  const tree = sampleTree({ '.': 'Add=*&Get=srv', './A': 'Get=srv+other&Replace=srv', './A/b': 'Replace=srv' });
  tree.removeServer('srv');
  expect(tree.toJSON().acls).toEqual([
    ['.', 'Add=*&Get=*'],
    ['./A', 'Get=other'],
    ['./A/b', ''],
  ]);
});
