import { expect, test } from 'vitest';
import { PosternError } from '#src/base/index.js';
import type { ServerCommand } from '#src/dm/syncml/index.js';
import { type ExecContext, type ExecOutcome, provideLeaf } from '#src/dm/tree/index.js';
import { run, sampleTree, target } from './tree-table.js';

const exec = (uri = './Do', data?: string): ServerCommand[] => [
  { name: 'Exec', CmdID: '1', Correlator: 'c-1', Item: [target(uri, data === undefined ? {} : { Data: data })] },
];
function treeThat(run: (value: string, context: ExecContext) => ExecOutcome | Promise<ExecOutcome>, acl = {}) {
  const tree = sampleTree(acl);
  tree.mount('./Do', provideLeaf({ format: 'null', exec: run }));
  return tree;
}

test('it is told what, for whom and under which correlator', async () => {
  const seen: unknown[] = [];
  const tree = treeThat((value, context) => {
    seen.push(value, context);
    return 200;
  });
  expect(await run(tree, exec('Do', 'now'))).toEqual(['1 Exec 200 Do']);
  expect(seen).toEqual(['now', { serverId: 'srv', uri: './Do', correlator: 'c-1' }]);
});

test('202 for work that goes on, when the promise says so', async () => {
  expect(
    await run(
      treeThat(() => Promise.resolve(202)),
      exec(),
    ),
  ).toEqual(['1 Exec 202 ./Do']);
});

test('a text goes into the Status', async () => {
  expect(
    await run(
      treeThat(() => ({ status: 500, data: 'asleep' })),
      exec(),
    ),
  ).toEqual(['1 Exec 500 ./Do "asleep"']);
});

test('an expected failure becomes its status', async () => {
  const failing = () => Promise.reject(new PosternError('tree.full', { capacity: 1 }));
  expect(await run(treeThat(failing), exec())).toEqual(['1 Exec 420 ./Do']);
});

test('a node that does nothing is 405, one that is not there 404', async () => {
  expect(await run(sampleTree(), [...exec('./A/b'), ...exec('./zz')])).toEqual(['1 Exec 405 ./A/b', '1 Exec 404 ./zz']);
});

test('without the right nothing is run', async () => {
  let ran = false;
  const tree = treeThat(
    () => {
      ran = true;
      return 200;
    },
    { './Do': 'Get=*' },
  );
  expect([await run(tree, exec()), ran]).toEqual([['1 Exec 425 ./Do'], false]);
});

test('the next command waits for it', async () => {
  const order: string[] = [];
  const tree = treeThat(async (value) => {
    await Promise.resolve();
    order.push(value);
    return 200;
  });
  await run(tree, [...exec('./Do', '1'), ...exec('./Do', '2')]);
  expect(order).toEqual(['1', '2']);
});
