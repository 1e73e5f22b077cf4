import { testRows } from './table.js';
import { change, target } from './tree-table.js';

const replace = (uri: string, data?: string, format?: string, type?: string) => [change('Replace', uri, data, format, type)];

testRows([
  { title: 'a value', commands: replace('./A/b', 'two', 'chr'), replies: ['1 Replace 200 ./A/b'], tree: { './A/b': 'two' } },
  { title: 'a leading slash', commands: replace('/A/b', 'two'), replies: ['1 Replace 200 /A/b'], tree: { './A/b': 'two' } },
  { title: 'without Meta the format stays', commands: replace('./A/n', '6'), replies: ['1 Replace 200 ./A/n'], tree: { './A/n': '6' } },
  {
    title: 'a MIME type as Format',
    commands: replace('./A/n', '6', 'text/plain'),
    replies: ['1 Replace 200 ./A/n'],
    tree: { './A/n': '6' },
  },
  { title: 'nothing there', commands: replace('./A/zz', '1'), replies: ['1 Replace 404 ./A/zz'], tree: { './A/zz': null } },
  { title: 'not of the format', commands: replace('./A/n', 'six'), replies: ['1 Replace 415 ./A/n'], tree: { './A/n': '5' } },
  {
    title: 'a format that nobody knows',
    commands: replace('./A/b', 'x', 'jpg'),
    replies: ['1 Replace 415 ./A/b'],
    tree: { './A/b': 'one' },
  },
  {
    title: 'another format for a fixed leaf',
    commands: replace('./A/fix', '1', 'int'),
    replies: ['1 Replace 415 ./A/fix'],
    tree: { './A/fix': 'f' },
  },
  {
    title: 'another type for a fixed leaf',
    commands: replace('./A/fix', '1', 'chr', 'text/html'),
    replies: ['1 Replace 415 ./A/fix'],
    tree: { './A/fix': 'f' },
  },
  {
    title: 'a charset on the type',
    commands: replace('./A/fix', 'g', 'chr', 'text/plain;charset=utf-8'),
    replies: ['1 Replace 200 ./A/fix'],
    tree: { './A/fix': 'g' },
  },
  {
    title: 'base64 with line breaks',
    commands: replace('./A/x', 'AA\nED', 'b64'),
    replies: ['1 Replace 200 ./A/x'],
    tree: { './A/x': 'AAED' },
  },
  { title: 'no base64', commands: replace('./A/x', 'A!', 'b64'), replies: ['1 Replace 415 ./A/x'], tree: { './A/x': 'AAEC' } },
  { title: 'a leaf that only can be read', commands: replace('./A/ro', 'x'), replies: ['1 Replace 405 ./A/ro'], tree: { './A/ro': 'r' } },
  { title: 'a secret', commands: replace('./A/secret', 'x'), replies: ['1 Replace 200 ./A/secret'], tree: { './A/secret': 'x' } },
  { title: 'an interior node', commands: replace('./A/C', 'x'), replies: ['1 Replace 405 ./A/C'], tree: { './A/C/d': 'deep' } },
  {
    title: 'larger than we take',
    commands: replace('./A/b', 'äää'),
    context: { maxObjSize: 5 },
    replies: ['1 Replace 413 ./A/b'],
    tree: { './A/b': 'one' },
  },
  {
    title: 'another size than announced',
    commands: [{ name: 'Replace', CmdID: '1', Item: [target('./A/b', { Meta: { Size: '4' }, Data: 'abc' })] }],
    replies: ['1 Replace 424 ./A/b'],
    tree: { './A/b': 'one' },
  },
  {
    title: 'the size that was announced',
    commands: [{ name: 'Replace', CmdID: '1', Item: [target('./A/b', { Meta: { Size: '4' }, Data: 'äb!' })] }],
    replies: ['1 Replace 200 ./A/b'],
    tree: { './A/b': 'äb!' },
  },
  {
    title: 'Meta of the command holds for Items without their own',
    commands: [
      {
        name: 'Replace',
        CmdID: '1',
        Meta: { Format: 'int' },
        Item: [target('./A/b', { Data: '7' }), target('./A/n', { Meta: { Format: 'chr' }, Data: 'q' })],
      },
    ],
    replies: ['1 Replace 200 ./A/b', '1 Replace 200 ./A/n'],
    tree: { './A/b': '7', './A/n': 'q' },
  },
  { title: 'a list', commands: replace('./A?list=Struct', 'x'), replies: ['1 Replace 405 ./A?list=Struct'] },
]);
