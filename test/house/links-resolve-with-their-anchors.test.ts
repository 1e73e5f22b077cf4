import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { anchorsOf, brokenLinks } from './links.js';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'postern-links-'));
  await mkdir(path.join(root, 'docs/reference'), { recursive: true });
  await writeFile(path.join(root, 'docs/reference/errors.md'), '# Errors\n\n## What `401` means: a challenge\n\n## Twice\n\n## Twice\n');
});

afterEach(() => rm(root, { recursive: true }));

it.each([
  '[a](docs/reference/errors.md)',
  '[a](docs/reference/)',
  '[a](docs/reference/errors.md#what-401-means-a-challenge)',
  '[a](docs/reference/errors.md#twice-1)',
  '[a](docs/reference/errors.md "title")',
  '[a](#here)',
  '[a]: docs/reference/errors.md',
  '[a](https://example.org/nowhere)',
  '```\n[a](nowhere.md)\n```',
])('accepts %s', async (text) => {
  await writeFile(path.join(root, 'README.md'), `# Here\n\n${text}\n`);
  expect(await brokenLinks(root)).toEqual([]);
});

it.each([
  ['[a](docs/nowhere.md)', 'docs/nowhere.md'],
  ['[a](docs/reference/errors.md#nowhere)', 'docs/reference/errors.md#nowhere'],
  ['[a](docs/reference/errors.md#twice-2)', 'docs/reference/errors.md#twice-2'],
  ['[a](#there)', '#there'],
  ['[a](../outside.md)', '../outside.md'],
  ['[a]: docs/nowhere.md', 'docs/nowhere.md'],
])('refuses %s', async (text, target) => {
  await writeFile(path.join(root, 'README.md'), `# Here\n\n${text}\n`);
  expect(await brokenLinks(root)).toEqual([`README.md -> ${target}`]);
});

it('reads pages in docs, from their own place', async () => {
  await writeFile(path.join(root, 'docs/start.md'), '[good](reference/errors.md) [bad](docs/reference/errors.md)\n');
  expect(await brokenLinks(root)).toEqual(['docs/start.md -> docs/reference/errors.md']);
});

it('takes no heading from a code block', () => {
  expect([...anchorsOf('# One\n```\n# not a heading\n```\n')]).toEqual(['one']);
});
