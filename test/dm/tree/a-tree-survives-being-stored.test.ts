import { expect, test } from 'vitest';
import { ManagementTree, type NodeState, provideLeaf } from '#src/dm/tree/index.js';
import { change, del, get, run, sampleTree } from './tree-table.js';

test('nodes, access, titles and ACLs come back from JSON', async () => {
  const tree = sampleTree({ './A/C': 'Get=srv&Replace=srv' });
  await run(tree, [change('Add', './E/__proto__', 'v'), change('Replace', './A/b?prop=Title', 'T'), del('./A/n')]);
  const restored = ManagementTree.restore(JSON.parse(JSON.stringify(tree)), { limits: tree.limits });
  expect(restored.toJSON()).toEqual(tree.toJSON());
  expect(await run(restored, [get('./E/__proto__', './A/secret', './A/b?prop=Title', './A/C?prop=ACL')])).toEqual([
    '1 Get 200 ./E/__proto__',
    '= ./E/__proto__ chr text/plain "v"',
    '1 Get 405 ./A/secret',
    '1 Get 200 ./A/b?prop=Title',
    '= ./A/b?prop=Title chr text/plain "T"',
    '1 Get 200 ./A/C?prop=ACL',
    '= ./A/C?prop=ACL chr text/plain "Get=srv&Replace=srv"',
  ]);
});

test('what is mounted is not stored', () => {
  const tree = sampleTree();
  tree.mount('./Live/v', provideLeaf({ read: () => 'now' }));
  expect(JSON.stringify(tree)).not.toContain('now');
});

test('a state that is none is refused', () => {
  const root = { name: '', format: 'node', type: '', access: [], permanent: true, title: '', version: 0 } as unknown as NodeState;
  expect(() => ManagementTree.restore({ root, acls: [] })).toThrow(expect.objectContaining({ code: 'tree.invalid-state' }));
});
