import type { ServerCommand } from '#src/dm/syncml/index.js';
import { testRows } from './table.js';

const copy = (from: string | undefined, to: string): ServerCommand[] => [
  { name: 'Copy', CmdID: '1', Item: [{ Target: { LocURI: to }, ...(from && { Source: { LocURI: from } }) }] },
];

testRows([
  { title: 'over a leaf', commands: copy('./A/b', './A/C/d'), replies: ['1 Copy 200 ./A/C/d'], tree: { './A/C/d': 'one', './A/b': 'one' } },
  { title: 'to a new leaf', commands: copy('./A/b', './E/n'), replies: ['1 Copy 200 ./E/n'], tree: { './E/n': 'one' } },
  { title: 'from an interior node', commands: copy('./A/C', './E/n'), replies: ['1 Copy 403 ./E/n'], tree: { './E/n': null } },
  { title: 'onto an interior node', commands: copy('./A/b', './E'), replies: ['1 Copy 403 ./E'] },
  { title: 'from nowhere', commands: copy('./A/zz', './E/n'), replies: ['1 Copy 404 ./E/n'] },
  { title: 'no source', commands: copy(undefined, './E/n'), replies: ['1 Copy 412 ./E/n'] },
  { title: 'a secret', commands: copy('./A/secret', './E/n'), replies: ['1 Copy 405 ./E/n'], tree: { './E/n': null } },
  {
    title: 'no Get on the source',
    acl: { './A/b': 'Replace=*' },
    commands: copy('./A/b', './E/n'),
    replies: ['1 Copy 425 ./E/n'],
    tree: { './E/n': null },
  },
  {
    title: 'no Replace on the target',
    acl: { './A/C': 'Get=*' },
    commands: copy('./A/b', './A/C/d'),
    replies: ['1 Copy 425 ./A/C/d'],
    tree: { './A/C/d': 'deep' },
  },
  {
    title: 'no Add on the parent',
    acl: { './E': 'Get=*' },
    commands: copy('./A/b', './E/n'),
    replies: ['1 Copy 425 ./E/n'],
    tree: { './E/n': null },
  },
]);
