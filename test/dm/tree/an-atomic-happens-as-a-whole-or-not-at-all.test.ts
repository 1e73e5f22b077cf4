import { expect, test } from 'vitest';
import { PosternError } from '#src/base/index.js';
import type { ServerCommand } from '#src/dm/syncml/index.js';
import { provideLeaf } from '#src/dm/tree/index.js';
import { testRows } from './table.js';
import { change, del, get, run, sampleTree, target } from './tree-table.js';

const atomic = (...commands: ServerCommand[]): ServerCommand[] => [{ name: 'Atomic', CmdID: '9', commands }];

testRows([
  {
    title: 'all of it',
    commands: atomic(change('Replace', './A/b', 'two'), change('Add', './E/n', 'v', 'chr', undefined, '2'), del('./A/C', '3')),
    replies: ['9 Atomic 200', '1 Replace 200 ./A/b', '2 Add 200 ./E/n', '3 Delete 200 ./A/C'],
    tree: { './A/b': 'two', './E/n': 'v', './A/C/d': null },
  },
  {
    title: 'the first failure takes back what was done and stops the rest',
    acl: { './A/C': 'Get=*&Delete=*' },
    commands: atomic(
      change('Replace', './A/b', 'two'),
      change('Add', './E/p/q', 'v', undefined, undefined, '2'),
      del('./A/C', '3'),
      change('Replace', './A/b?prop=Name', 'bb', undefined, undefined, '4'),
      change('Replace', './A/zz', 'x', undefined, undefined, '5'),
      change('Replace', './A/n', '9', undefined, undefined, '6'),
    ),
    replies: [
      '9 Atomic 507',
      '1 Replace 216 ./A/b',
      '2 Add 216 ./E/p/q',
      '3 Delete 216 ./A/C',
      '4 Replace 216 ./A/b?prop=Name',
      '5 Replace 404 ./A/zz',
      '6 Replace 215 ./A/n',
    ],
    tree: { './A/b': 'one', './A/bb': null, './E/p': null, './A/C/d': 'deep', './A/n': '5' },
  },
  {
    title: 'Items of one command share its fate',
    commands: atomic({
      name: 'Replace',
      CmdID: '1',
      Item: [target('./A/b', { Data: 'two' }), target('./zz'), target('./A/n', { Data: '1' })],
    }),
    replies: ['9 Atomic 507', '1 Replace 216 ./A/b', '1 Replace 404 ./zz', '1 Replace 215 ./A/n'],
    tree: { './A/b': 'one', './A/n': '5' },
  },
  {
    title: 'a Get inside',
    commands: atomic(change('Replace', './A/b', 'two'), get('./A/b')),
    replies: ['9 Atomic 507', '1 Replace 215', '1 Get 500'],
    tree: { './A/b': 'one' },
  },
  {
    title: 'another Atomic inside',
    commands: atomic(change('Replace', './A/b', 'two'), { name: 'Atomic', CmdID: '4', commands: [del('./A/n', '5')] }),
    replies: ['9 Atomic 507', '1 Replace 215', '4 Atomic 500', '5 Delete 215'],
    tree: { './A/b': 'one', './A/n': '5' },
  },
  {
    title: 'an Exec inside',
    commands: atomic({ name: 'Exec', CmdID: '4', Item: [target('./A/b')] }),
    replies: ['9 Atomic 507', '4 Exec 500'],
  },
  {
    title: 'an alert that nobody can show',
    commands: atomic(change('Replace', './A/b', 'two'), { name: 'Alert', CmdID: '2', Data: '1101' }),
    replies: ['9 Atomic 507', '1 Replace 216 ./A/b', '2 Alert 406'],
    tree: { './A/b': 'one' },
  },
  {
    title: 'a missing right',
    acl: { './A/C': 'Get=*' },
    commands: atomic(change('Replace', './A/b', 'two'), change('Replace', './A/C/d', 'x', undefined, undefined, '2')),
    replies: ['9 Atomic 507', '1 Replace 216 ./A/b', '2 Replace 425 ./A/C/d'],
    tree: { './A/b': 'one' },
  },
]);

test('what cannot be taken back is said to be so', async () => {
  const tree = sampleTree();
  let value = 'before';
  const write = (next: string) => {
    if (value === 'after') throw new PosternError('tree.full', { capacity: 0 });
    value = next;
  };
  tree.mount('./P', provideLeaf({ read: () => value, write }));
  const commands = atomic(
    change('Replace', './A/b', 'two'),
    change('Replace', './P', 'after', undefined, undefined, '2'),
    del('./zz', '3'),
  );
  expect(await run(tree, commands)).toEqual(['9 Atomic 507', '1 Replace 216 ./A/b', '2 Replace 516 ./P', '3 Delete 404 ./zz']);
  expect([tree.read('./A/b'), value]).toEqual(['one', 'after']);
});

test('a bug is thrown, but not before the changes are taken back', async () => {
  const tree = sampleTree();
  const broken = () => {
    throw new TypeError('a bug');
  };
  tree.mount('./P', provideLeaf({ write: broken }));
  await expect(run(tree, atomic(change('Replace', './A/b', 'two'), change('Replace', './P', 'x')))).rejects.toThrow(TypeError);
  expect(tree.read('./A/b')).toBe('one');
});
