import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { layBeside } from './generated.js';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'postern-docs-'));
});

afterEach(() => rm(root, { recursive: true }));

it('a file that is not there', async () => {
  expect(await layBeside(root, 'a.md', [{ path: 'a.md', content: 'new' }])).toEqual({ path: 'a.md', found: undefined, wanted: 'new' });
});

it('a file that was edited by hand', async () => {
  await writeFile(path.join(root, 'a.md'), 'old');
  expect(await layBeside(root, 'a.md', [{ path: 'a.md', content: 'new' }])).toEqual({ path: 'a.md', found: 'old', wanted: 'new' });
});

it('several blocks of one page', async () => {
  const page = (one: string, two: string) =>
    `<!-- generated: one -->\n${one}\n<!-- end -->\n<!-- generated: two -->\n${two}\n<!-- end -->\n`;
  await writeFile(path.join(root, 'a.md'), page('1', 'old'));
  const pieces = ['one', 'two'].map((block, index) => ({ path: 'a.md', block, content: String(index + 1) }));
  expect(await layBeside(root, 'a.md', pieces)).toEqual({ path: 'a.md', found: page('1', 'old'), wanted: page('1', '2') });
});
