import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const source = new URL('../../src/', import.meta.url);
const page = readFileSync(new URL('../../docs/reference/command-line.md', import.meta.url), 'utf8');
const names = /\b(?:(?:POSTERN|DNSMASQ)_[A-Z0-9_]*[A-Z0-9]|STATE_DIRECTORY|CREDENTIALS_DIRECTORY)\b/g;

it('each that the sources name stands in the table, and the table names no other', () => {
  const read = namesIn(sources());
  const [, section = ''] = page.split('## Environment');
  const [table = ''] = section.split('\n## ');
  const documented = namesIn(table);
  expect(read.size).toBeGreaterThan(10);
  expect([...documented].toSorted()).toEqual([...read].toSorted());
});

function namesIn(text: string): Set<string> {
  return new Set([...text.matchAll(names)].map(([name]) => name));
}

function sources(): string {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  return files.map((file) => readFileSync(new URL(file, source), 'utf8')).join('\n');
}
