import { testRows } from './table.js';
import { change } from './tree-table.js';

const add = (uri: string, data?: string, format?: string, type?: string) => [change('Add', uri, data, format, type)];

testRows([
  { title: 'a leaf', commands: add('./A/new', 'v', 'chr'), replies: ['1 Add 200 ./A/new'], tree: { './A/new': 'v' } },
  { title: 'parents that are missing', commands: add('./E/p/q/r', 'v'), replies: ['1 Add 200 ./E/p/q/r'], tree: { './E/p/q/r': 'v' } },
  { title: 'already there', commands: add('./A/b', 'v'), replies: ['1 Add 418 ./A/b'], tree: { './A/b': 'one' } },
  { title: 'the root', commands: add('.', 'v'), replies: ['1 Add 418 .'] },
  { title: 'below a leaf', commands: add('./A/ro/y', 'v'), replies: ['1 Add 405 ./A/ro/y'] },
  {
    title: 'an interior node',
    commands: [...add('./E/i', undefined, 'node'), change('Add', './E/i/k', 'v')],
    replies: ['1 Add 200 ./E/i', '1 Add 200 ./E/i/k'],
    tree: { './E/i/k': 'v' },
  },
  { title: 'an interior node with data', commands: add('./E/i', 'data', 'node'), replies: ['1 Add 415 ./E/i'] },
  { title: 'not of its format', commands: add('./E/i', 'x', 'bool'), replies: ['1 Add 415 ./E/i'], tree: { './E/i': null } },
  { title: 'a name that is too long', commands: add('./E/abcdefghijklm', 'v'), replies: ['1 Add 414 ./E/abcdefghijklm'] },
  { title: 'too deep', commands: add('./E/1/2/3/4/5', 'v'), replies: ['1 Add 414 ./E/1/2/3/4/5'], tree: { './E/1': null } },
  { title: 'a property', commands: add('./A/b?prop=Title', 'v'), replies: ['1 Add 405 ./A/b?prop=Title'] },
  {
    title: 'a name that objects know by themselves',
    commands: add('./E/__proto__', 'v'),
    replies: ['1 Add 200 ./E/__proto__'],
    tree: { './E/__proto__': 'v', './E/x': null },
  },
]);
