import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import config from '../vitest.config.js';

const folders = new URL('..', import.meta.url);

it('no folder of tests is forgotten, and none runs twice', () => {
  const all = readdirSync(folders, { withFileTypes: true }).filter((entry) => entry.isDirectory() && holdsTests(entry.name));
  const [together = [], apart = []] = (config.test?.projects ?? []).map((project) =>
    typeof project === 'object' && 'test' in project ? (project.test?.include ?? []) : [],
  );
  const run = [together[0], apart[0]].flatMap(
    (pattern) => /^test\/\{(.+)\}\/\*\*\/\*\.test\.ts$/.exec(pattern ?? '')?.[1]?.split(',') ?? [],
  );
  expect(run.toSorted()).toEqual(all.map(({ name }) => name).toSorted());
});

function holdsTests(folder: string): boolean {
  return readdirSync(new URL(folder, folders), { recursive: true, encoding: 'utf8' }).some((file) => file.endsWith('.test.ts'));
}
