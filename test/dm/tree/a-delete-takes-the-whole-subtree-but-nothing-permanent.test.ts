import { testRows } from './table.js';
import { change, del, get } from './tree-table.js';

testRows([
  { title: 'a leaf', commands: [del('./A/b')], replies: ['1 Delete 200 ./A/b'], tree: { './A/b': null } },
  { title: 'a subtree', commands: [del('./A/C'), get('./A/C/d')], replies: ['1 Delete 200 ./A/C', '1 Get 404 ./A/C/d'] },
  { title: 'a permanent node', commands: [del('./A/fix')], replies: ['1 Delete 405 ./A/fix'], tree: { './A/fix': 'f' } },
  { title: 'the root', commands: [del('./')], replies: ['1 Delete 405 ./'], tree: { './A/b': 'one' } },
  { title: 'nothing there', commands: [del('./A/zz')], replies: ['1 Delete 404 ./A/zz'] },
  { title: 'a property', commands: [del('./A/b?prop=Title')], replies: ['1 Delete 405 ./A/b?prop=Title'], tree: { './A/b': 'one' } },
  {
    title: 'what another authority has fenced goes with nothing',
    acl: { './A/C/d': 'Delete=other&Get=*' },
    commands: [del('./A/C')],
    replies: ['1 Delete 425 ./A/C'],
    tree: { './A/C/d': 'deep' },
  },
  {
    title: 'an ACL goes with its node',
    acl: { './A/b': 'Get=other&Delete=srv' },
    commands: [del('./A/b'), change('Add', './A/b', 'again'), get('./A/b')],
    replies: ['1 Delete 200 ./A/b', '1 Add 200 ./A/b', '1 Get 200 ./A/b', '= ./A/b chr text/plain "again"'],
  },
]);
