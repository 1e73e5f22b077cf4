import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultDecodeLimits, type ServerCommand } from '#src/dm/syncml/index.js';
import { formatTnds, parseTnds, type TndsNode, tndsType } from '#src/dm/tree/index.js';
import { testRows } from './table.js';
import { get, run, sampleTree, target } from './tree-table.js';

const doc = (body: string) => `<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD>${body}</MgmtTree>`;
const leaf = (name: string, value: string, more = '') =>
  `<Node><NodeName>${name}</NodeName><RTProperties>${more}<Format><chr/></Format></RTProperties><Value>${value}</Value></Node>`;
const interior = (name: string, body: string) =>
  `<Node><NodeName>${name}</NodeName><RTProperties><Format><node/></Format></RTProperties>${body}</Node>`;
const tnds = (name: 'Add' | 'Replace', uri: string, markup: string, asText = false): ServerCommand[] => [
  { name, CmdID: '1', Item: [target(uri, { Meta: { Format: 'xml', Type: tndsType }, Data: asText ? markup : { markup } })] },
];

const text = fc.string({ unit: 'grapheme-ascii', maxLength: 12 });
const name = fc.stringMatching(/^[A-Za-z0-9_<&-]{1,8}$/);
const { node } = fc.letrec<{ node: TndsNode }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3 },
    fc.record({ name, format: fc.constant('chr' as const), type: fc.constant('text/plain'), value: text, children: fc.constant([]) }),
    fc.record({ name, format: fc.constant('bin' as const), value: fc.constantFrom('AAEC', ''), children: fc.constant([]) }),
    fc.record({
      name,
      format: fc.constant('node' as const),
      acl: fc.constant({ Get: ['a'] }),
      title: fc.constant('T'),
      children: fc.array(tie('node'), { maxLength: 3 }),
    }),
  ),
}));

test('any tree', () => {
  fc.assert(
    fc.property(fc.array(node, { maxLength: 3 }), (nodes) => {
      expect(parseTnds(formatTnds(nodes))).toEqual(nodes);
    }),
  );
});

test('a subtree that one tree gives another takes back', async () => {
  const [, results] = await run(sampleTree(), [get('./A/C?list=TNDS')]);
  const markup = results?.slice(results.indexOf('<MgmtTree')) ?? '';
  const other = sampleTree();
  expect(await run(other, tnds('Add', './E', markup))).toEqual(['1 Add 200 ./E']);
  expect(other.read('./E/C/d')).toBe('deep');
  other.set('./E/C/d', 'changed');
  expect(await run(other, tnds('Replace', './E/C', markup))).toEqual(['1 Replace 200 ./E/C']);
  expect(other.read('./E/C/d')).toBe('deep');
});

test.each([
  [
    'prefixes and single quotes',
    `<t:MgmtTree xmlns:t='syncml:dmddf1.2'><t:Node><t:NodeName>a</t:NodeName><t:Value>v</t:Value></t:Node></t:MgmtTree>`,
  ],
  ['white space and no Format', doc('\n  <Node>\n <NodeName> a </NodeName>\n <Value>v</Value>\n</Node>\n')],
])('%s', (_title, document) => {
  expect(parseTnds(document)).toEqual([{ name: 'a', format: 'chr', value: 'v', children: [] }]);
});

test.each([
  ['not a tree', '<Other/>', 'tree.invalid-tnds'],
  ['no XML', 'hello', 'syncml.malformed'],
  ['cut off', doc(leaf('a', 'v')).slice(0, -3), 'syncml.truncated'],
  [
    'a leaf with nodes',
    doc(`<Node><NodeName>a</NodeName><RTProperties><Format><chr/></Format></RTProperties>${leaf('b', '')}</Node>`),
    'tree.invalid-tnds',
  ],
  [
    'an unknown format',
    doc('<Node><NodeName>a</NodeName><RTProperties><Format><jpg/></Format></RTProperties></Node>'),
    'tree.invalid-tnds',
  ],
  ['an ACL that is none', doc(leaf('a', 'v', '<ACL>x</ACL>')), 'tree.invalid-acl'],
])('%s is refused', (_title, document, code) => {
  expect(() => parseTnds(document)).toThrow(expect.objectContaining({ code }));
});

test('the limits of the decoder hold', () => {
  const deep = (depth: number): string => (depth === 0 ? leaf('l', 'v') : interior('i', deep(depth - 1)));
  expect(() => parseTnds(doc(deep(20)), { ...defaultDecodeLimits, depth: 10 })).toThrow(
    expect.objectContaining({ code: 'syncml.too-deep' }),
  );
});

testRows([
  {
    title: 'Add as markup',
    commands: tnds('Add', './E', doc(interior('s', leaf('l', 'v')))),
    replies: ['1 Add 200 ./E'],
    tree: { './E/s/l': 'v' },
  },
  { title: 'Add as text', commands: tnds('Add', './E', doc(leaf('l', 'v')), true), replies: ['1 Add 200 ./E'], tree: { './E/l': 'v' } },
  {
    title: 'the name of the target',
    commands: tnds('Add', './E/s', doc(interior('s', leaf('l', 'v')))),
    replies: ['1 Add 200 ./E/s'],
    tree: { './E/s/l': 'v' },
  },
  {
    title: 'no name',
    commands: tnds('Add', './E/s', doc(interior('', leaf('l', 'v')))),
    replies: ['1 Add 200 ./E/s'],
    tree: { './E/s/l': 'v' },
  },
  {
    title: 'a Path below the target',
    commands: tnds('Add', '.', doc('<Node><NodeName>l</NodeName><Path>E/p</Path><Value>v</Value></Node>')),
    replies: ['1 Add 200 .'],
    tree: { './E/p/l': 'v' },
  },
  {
    title: 'a Path that climbs',
    commands: tnds('Add', './E', doc('<Node><NodeName>l</NodeName><Path>../A</Path><Value>v</Value></Node>')),
    replies: ['1 Add 404 ./E'],
    tree: { './A/l': null },
  },
  {
    title: 'Add is all or nothing',
    commands: tnds('Add', '.', doc(leaf('new', 'v') + interior('E', leaf('l', 'v')))),
    replies: ['1 Add 418 .'],
    tree: { './new': null, './E/l': null },
  },
  {
    title: 'a name twice',
    commands: tnds('Add', './E', doc(interior('s', leaf('l', 'v') + leaf('l', 'w')))),
    replies: ['1 Add 418 ./E'],
    tree: { './E/s': null },
  },
  {
    title: 'Add without the right',
    acl: { './E': 'Get=*' },
    commands: tnds('Add', './E', doc(leaf('l', 'v'))),
    replies: ['1 Add 425 ./E'],
    tree: { './E/l': null },
  },
  {
    title: 'a name too long inside',
    commands: tnds('Add', './E', doc(interior('s', leaf('abcdefghijklm', 'v')))),
    replies: ['1 Add 414 ./E'],
    tree: { './E/s': null },
  },
  {
    title: 'a name that climbs inside',
    commands: tnds('Add', './E', doc(interior('s', leaf('..', 'v')))),
    replies: ['1 Add 404 ./E'],
    tree: { './E/s': null },
  },
  {
    title: 'an ACL inside',
    commands: [...tnds('Add', './E', doc(leaf('l', 'v', '<ACL>Get=other</ACL>'))), get('./E/l')],
    replies: ['1 Add 200 ./E', '1 Get 425 ./E/l'],
  },
  {
    title: 'WBXML in XML',
    commands: [
      {
        name: 'Add',
        CmdID: '1',
        Item: [target('./E', { Meta: { Type: 'application/vnd.syncml.dmtnds+wbxml', Format: 'bin' }, Data: '!' })],
      },
    ],
    replies: ['1 Add 415 ./E'],
  },
  { title: 'nothing in it', commands: tnds('Add', './E', doc('')), replies: ['1 Add 400 ./E'] },
  {
    title: 'Replace writes, adds and deletes',
    commands: [...tnds('Replace', './A/C', doc(interior('C', leaf('new', 'v')))), get('./A/C')],
    replies: ['1 Replace 200 ./A/C', '1 Get 200 ./A/C', '= ./A/C node text/plain "new"'],
    tree: { './A/C/new': 'v', './A/C/d': null },
  },
  {
    title: 'Replace leaves a permanent node and everything else alone',
    commands: tnds('Replace', './A', doc(interior('A', leaf('b', 'two')))),
    replies: ['1 Replace 405 ./A'],
    tree: { './A/b': 'one', './A/n': '5', './A/fix': 'f' },
  },
  { title: 'Replace of nothing', commands: tnds('Replace', './zz', doc(interior('zz', ''))), replies: ['1 Replace 404 ./zz'] },
  {
    title: 'Replace without Delete',
    acl: { './A/C': 'Replace=*&Add=*' },
    commands: tnds('Replace', './A/C', doc(interior('C', ''))),
    replies: ['1 Replace 425 ./A/C'],
    tree: { './A/C/d': 'deep' },
  },
  {
    title: 'Replace of an ACL without the right to',
    acl: { './A': 'Get=*', './A/b': 'Replace=srv' },
    commands: tnds('Replace', './A/b', doc(leaf('b', 'two', '<ACL>Get=srv</ACL>'))),
    replies: ['1 Replace 425 ./A/b'],
    tree: { './A/b': 'one' },
  },
  {
    title: 'Replace of an interior node by a leaf',
    commands: tnds('Replace', './A/C', doc(leaf('C', 'v'))),
    replies: ['1 Replace 415 ./A/C'],
    tree: { './A/C/d': 'deep' },
  },
  {
    title: 'Replace by a tree of another name',
    commands: tnds('Replace', './A/C', doc(interior('D', leaf('d', 'v')))),
    replies: ['1 Replace 400 ./A/C'],
    tree: { './A/C/d': 'deep', './A/D/d': null, './A/C/D/d': null },
  },
]);
