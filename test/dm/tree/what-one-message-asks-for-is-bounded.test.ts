import { expect, test } from 'vitest';
import { ResultRoom } from '#src/dm/tree/index.js';
import { testRows } from './table.js';
import { get, run, sampleTree } from './tree-table.js';

const room = (characters: number) => ({ room: new ResultRoom(characters) });

testRows([
  {
    title: 'the Get that goes beyond the room is answered, those after it are not',
    commands: [get('./A/b', './A/n', './A/b')],
    context: room(200),
    replies: ['1 Get 200 ./A/b', '= ./A/b chr text/plain "one"', '1 Get 200 ./A/n', '= ./A/n int text/plain "5"', '1 Get 413 ./A/b'],
  },
  {
    title: 'a list takes room for each of its nodes, in a Sequence too',
    commands: [
      { name: 'Sequence', CmdID: '1', commands: [get('./A/C?list=Struct')] },
      { ...get('./A/b'), CmdID: '3' },
    ],
    context: room(2 * 128),
    replies: ['1 Sequence 200', '1 Get 200 ./A/C?list=Struct', '= ./A/C node', '= ./A/C/d chr', '3 Get 413 ./A/b'],
  },
  {
    title: 'whatever is no Get goes on',
    commands: [get('./A/b'), { name: 'Delete', CmdID: '2', Item: [{ Target: { LocURI: './A/n' } }] }],
    context: room(0),
    replies: ['1 Get 413 ./A/b', '2 Delete 200 ./A/n'],
  },
]);

test('without a word a message gets 4 MiB, and the next one as much', async () => {
  const tree = sampleTree();
  const asked = [get(...Array.from({ length: 40_000 }, () => './A/b'))];
  for (let at = 0; at < 2; at += 1) {
    const replies = await run(tree, asked);
    const answered = replies.filter((reply) => reply.includes(' 200 ')).length;
    expect(answered).toBe(Math.ceil(4_194_304 / (128 + './A/bone'.length)));
    expect(replies.filter((reply) => reply.includes(' 413 '))).toHaveLength(40_000 - answered);
  }
});
