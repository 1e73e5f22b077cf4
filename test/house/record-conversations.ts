import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { playFlow } from '../e2e/conversations/play.js';
import { flowPages } from './conversations/flows.js';

/** Records every conversation of the docs anew, with the built programs; `npm run docs` then makes the pages. */
const folder = fileURLToPath(new URL('../fixtures/conversations', import.meta.url));
const named = process.argv.slice(2);
for (const { name } of flowPages.filter((page) => named.length === 0 || named.includes(page.name))) {
  rmSync(`${folder}/${name}`, { recursive: true, force: true });
  await playFlow(name, `${folder}/${name}`);
  process.stdout.write(`${name} recorded\n`);
}
