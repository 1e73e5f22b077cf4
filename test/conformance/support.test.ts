import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { idsInTexts } from './specification-ids.js';
import { readRequirements, readSupport } from './support-list.js';

const root = new URL('../../', import.meta.url);
const texts = new URL('../shared/requirements/', root);

const documents = await readRequirements();
const support = await readSupport();
const ids = documents.flatMap(({ requirements }) => requirements.map(({ id }) => id));

it('says yes, partial or no to every requirement once, in the documents’ order', () => {
  expect([...support.keys()]).toEqual(ids);
});

it('lists all five documents', () => {
  expect(documents.map(({ key, requirements }) => [key, requirements.length])).toEqual([
    ['CP', 42],
    ['SCH', 175],
    ['SC', 15],
    ['DM10', 162],
    ['DM20', 26],
  ]);
});

it.runIf(existsSync(texts))('knows every requirement that the texts contain', async () => {
  expect(await idsInTexts(texts)).toEqual(ids);
});

it('claims nothing without an existing test that names the requirement', async () => {
  const claims = [...support].flatMap(([id, entry]) => (entry.says === 'no' ? [] : entry.tests.map((test) => ({ id, test }))));
  const unproven = await Promise.all(claims.map(async ({ id, test }) => ((await proves(test, id)) ? [] : [`${id}: ${test}`])));
  expect(unproven.flat()).toEqual([]);
});

it('gives the reason when another element is to meet a requirement', () => {
  const mixed = [...support].filter(([, entry]) => entry.role === 'none' && (entry.says !== 'no' || entry.why.startsWith('not built yet')));
  expect(mixed.map(([id]) => id)).toEqual([]);
});

/** Whether a test file exists and contains the id, not merely the beginning of a longer one. */
async function proves(test: string, id: string): Promise<boolean> {
  if (!test.startsWith('test/') || !test.endsWith('.test.ts') || !existsSync(new URL(test, root))) return false;
  const text = await readFile(new URL(test, root), 'utf8');
  return new RegExp(`${id.replaceAll('.', '\\.')}(?!\\d)`).test(text);
}
