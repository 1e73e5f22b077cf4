import { expect, test } from 'vitest';
import { ManagementTree, parseAcl } from '#src/dm/tree/index.js';
import { change, del, everything, run } from './tree-table.js';

const small = () => new ManagementTree({ rootAcl: parseAcl(everything), capacity: 500 });

test('values and nodes count, and what is deleted makes room', async () => {
  const big = 'x'.repeat(200);
  expect(await run(small(), [change('Add', './a', big), change('Add', './b', 'y'), del('./a'), change('Add', './b', big)])).toEqual([
    '1 Add 200 ./a',
    '1 Add 420 ./b',
    '1 Delete 200 ./a',
    '1 Add 200 ./b',
  ]);
});

test('a value that grows', async () => {
  const tree = small();
  const grown = change('Replace', './a', 'x'.repeat(400));
  expect(await run(tree, [change('Add', './a', 'y'), grown, del('./a'), change('Add', './b', 'x'.repeat(200))])).toEqual([
    '1 Add 200 ./a',
    '1 Replace 420 ./a',
    '1 Delete 200 ./a',
    '1 Add 200 ./b',
  ]);
});

test('what an Atomic takes back is given back', async () => {
  const tree = small();
  for (let round = 0; round < 20; round++) {
    await run(tree, [{ name: 'Atomic', CmdID: '1', commands: [change('Add', './a', 'x'.repeat(150)), del('./zz')] }]);
  }
  expect(await run(tree, [change('Add', './a', 'x'.repeat(150))])).toEqual(['1 Add 200 ./a']);
});
