import { expect, test } from 'vitest';
import { PosternError } from '#src/base/index.js';
import { ManagementTree, parseAcl, provideChildren, provideInterior, provideLeaf } from '#src/dm/tree/index.js';
import { change, del, everything, get, run } from './tree-table.js';

function countedTree() {
  const calls: string[] = [];
  const tree = new ManagementTree({ rootAcl: parseAcl(everything) });
  const names = Array.from({ length: 10_000 }, (_, at) => `r${at}`);
  const record = (name: string) => provideChildren({ v: provideLeaf({ read: () => `value of ${name}` }) });
  const children = () => {
    calls.push('list');
    return names;
  };
  const child = (name: string) => {
    calls.push(name);
    return /^r\d{1,4}$/.test(name) ? record(name) : undefined;
  };
  tree.mount('./Big/Records', provideInterior({ children, child }));
  return { tree, calls };
}

test('one record out of 10 000 is read without touching the rest', async () => {
  const { tree, calls } = countedTree();
  expect(await run(tree, [get('./Big/Records/r7777/v')])).toEqual([
    '1 Get 200 ./Big/Records/r7777/v',
    '= ./Big/Records/r7777/v chr text/plain "value of r7777"',
  ]);
  expect(new Set(calls)).toEqual(new Set(['r7777']));
});

test('a record that is not there is 404 without a list', async () => {
  const { tree, calls } = countedTree();
  expect(await run(tree, [get('./Big/Records/none')])).toEqual(['1 Get 404 ./Big/Records/none']);
  expect(calls).not.toContain('list');
});

test('a list of all of it is refused rather than built', async () => {
  const { tree, calls } = countedTree();
  expect(await run(tree, [get('./Big?list=StructData')], { maxListedNodes: 100 })).toEqual(['1 Get 413 ./Big?list=StructData']);
  expect(calls.length).toBeLessThan(110);
});

test('servers change only what has a function for it', async () => {
  const tree = new ManagementTree({ rootAcl: parseAcl(everything) });
  let value = 'a';
  const write = (next: string) => {
    if (next === 'bad') throw new PosternError('tree.invalid-value', { uri: './P/w', format: 'chr' });
    value = next;
  };
  tree.mount('./P', provideChildren({ r: provideLeaf({ read: () => value }), w: provideLeaf({ read: () => value, write }) }));
  const commands = [
    change('Replace', './P/r', 'x'),
    change('Replace', './P/w', 'bad'),
    change('Replace', './P/w', 'b'),
    change('Add', './P/n', 'x'),
    del('./P/r'),
  ];
  expect(await run(tree, commands)).toEqual([
    '1 Replace 405 ./P/r',
    '1 Replace 415 ./P/w',
    '1 Replace 200 ./P/w',
    '1 Add 405 ./P/n',
    '1 Delete 405 ./P/r',
  ]);
  expect(value).toBe('b');
});

test('a provided node can have an ACL, and keeps it when it is looked up again', async () => {
  const { tree } = countedTree();
  expect(
    await run(tree, [change('Replace', './Big/Records/r1?prop=ACL', 'Get=other'), get('./Big/Records/r1/v', './Big/Records/r2?prop=ACL')]),
  ).toEqual([
    '1 Replace 200 ./Big/Records/r1?prop=ACL',
    '1 Get 425 ./Big/Records/r1/v',
    '1 Get 200 ./Big/Records/r2?prop=ACL',
    '= ./Big/Records/r2?prop=ACL chr text/plain ""',
  ]);
});
