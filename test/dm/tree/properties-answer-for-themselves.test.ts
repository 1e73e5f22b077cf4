import { expect, test } from 'vitest';
import { ManagementTree, parseAcl, StoredInterior, StoredLeaf } from '#src/dm/tree/index.js';
import { testRows } from './table.js';
import { change, everything, get, run } from './tree-table.js';

const property = (uri: string, value: string) => ({
  title: `${uri} is ${value}`,
  commands: [get(uri)],
  replies: [`1 Get 200 ${uri}`, `= ${uri} chr text/plain "${value}"`],
});
const put = (uri: string, value: string) => [change('Replace', uri, value)];

testRows([
  property('./A/x?prop=Format', 'bin'),
  property('./A?prop=Format', 'node'),
  property('./A?prop=Type', 'urn:x:a'),
  property('./A/b?prop=Type', 'text/plain'),
  property('./A/b?prop=Name', 'b'),
  property('./A/x?prop=Size', '3'),
  property('./A/b?prop=Title', ''),
  property('./A/b?prop=VerNo', '0'),
  { title: 'no Size on interior nodes', commands: [get('./A?prop=Size')], replies: ['1 Get 406 ./A?prop=Size'] },
  { title: 'no Size of a secret', commands: [get('./A/secret?prop=Size')], replies: ['1 Get 405 ./A/secret?prop=Size'] },
  { title: 'no TStamp without a clock', commands: [get('./A/b?prop=TStamp')], replies: ['1 Get 406 ./A/b?prop=TStamp'] },
  { title: 'an unknown one', commands: [get('./A/b?prop=Colour')], replies: ['1 Get 406 ./A/b?prop=Colour'] },
  { title: 'of nothing', commands: [get('./zz?prop=Name')], replies: ['1 Get 404 ./zz?prop=Name'] },
  ...['Format', 'Size', 'Type', 'VerNo'].map((name) => ({
    title: `${name} cannot be replaced`,
    commands: put(`./A/b?prop=${name}`, 'x'),
    replies: [`1 Replace 405 ./A/b?prop=${name}`],
  })),
  {
    title: 'rename',
    commands: put('./A/C?prop=Name', 'D'),
    replies: ['1 Replace 200 ./A/C?prop=Name'],
    tree: { './A/D/d': 'deep', './A/C/d': null },
  },
  {
    title: 'rename to a sibling',
    commands: put('./A/b?prop=Name', 'n'),
    replies: ['1 Replace 418 ./A/b?prop=Name'],
    tree: { './A/b': 'one' },
  },
  {
    title: 'rename a permanent node',
    commands: put('./A/fix?prop=Name', 'g'),
    replies: ['1 Replace 405 ./A/fix?prop=Name'],
    tree: { './A/fix': 'f' },
  },
  { title: 'rename the root', commands: put('.?prop=Name', 'g'), replies: ['1 Replace 405 .?prop=Name'] },
  {
    title: 'rename to what is no name',
    commands: put('./A/b?prop=Name', 'a/c'),
    replies: ['1 Replace 404 ./A/b?prop=Name'],
    tree: { './A/b': 'one' },
  },
  {
    title: 'rename to nothing',
    commands: put('./A/b?prop=Name', ''),
    replies: ['1 Replace 404 ./A/b?prop=Name'],
    tree: { './A/b': 'one' },
  },
  { title: 'rename to a long name', commands: put('./A/b?prop=Name', 'abcdefghijklm'), replies: ['1 Replace 414 ./A/b?prop=Name'] },
  {
    title: 'rename without Replace',
    acl: { './A/b': 'Get=*' },
    commands: put('./A/b?prop=Name', 'c'),
    replies: ['1 Replace 425 ./A/b?prop=Name'],
    tree: { './A/b': 'one' },
  },
  {
    title: 'an ACL moves with a renamed node',
    acl: { './A/C': 'Replace=srv&Get=srv' },
    commands: [...put('./A/C?prop=Name', 'D'), get('./A/D?prop=ACL')],
    replies: ['1 Replace 200 ./A/C?prop=Name', '1 Get 200 ./A/D?prop=ACL', '= ./A/D?prop=ACL chr text/plain "Get=srv&Replace=srv"'],
  },
  {
    title: 'a Title',
    commands: [...put('./A/b?prop=Title', 'Ti'), get('./A/b?prop=Title')],
    replies: ['1 Replace 200 ./A/b?prop=Title', '1 Get 200 ./A/b?prop=Title', '= ./A/b?prop=Title chr text/plain "Ti"'],
  },
  { title: 'a Title that is too long', commands: put('./A/b?prop=Title', 'ä'.repeat(128)), replies: ['1 Replace 413 ./A/b?prop=Title'] },
  {
    title: 'a Title without Replace',
    acl: { './A/b': 'Get=*' },
    commands: put('./A/b?prop=Title', 'T'),
    replies: ['1 Replace 425 ./A/b?prop=Title'],
  },
]);

test('a change sets TStamp and raises VerNo, which wraps', async () => {
  const root = new StoredInterior({ children: [['v', new StoredLeaf({ version: 0xffff })]] });
  const tree = new ManagementTree({ root, rootAcl: parseAcl(everything), now: () => Date.UTC(2001, 6, 11, 16, 38, 17) });
  expect(await run(tree, [change('Replace', './v', 'x'), get('./v?prop=TStamp', './v?prop=VerNo')])).toEqual([
    '1 Replace 200 ./v',
    '1 Get 200 ./v?prop=TStamp',
    '= ./v?prop=TStamp chr text/plain "20010711T163817Z"',
    '1 Get 200 ./v?prop=VerNo',
    '= ./v?prop=VerNo chr text/plain "0"',
  ]);
});
