import { expect, test } from 'vitest';
import { type Row, run, sampleTree } from './tree-table.js';

/** One test for each row. */
export function testRows(rows: readonly Row[]): void {
  test.each(rows)('$title', async ({ acl, commands, context, replies, tree: expected = {} }) => {
    const tree = sampleTree(acl);
    expect(await run(tree, commands, context)).toEqual(replies);
    for (const [uri, value] of Object.entries(expected)) expect([uri, tree.read(uri) ?? null]).toEqual([uri, value]);
  });
}
