import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type GeneratedFile, generatedFiles } from './generated.js';
import { brokenLinks } from './links.js';

/** Docs drift: with --write makes the generated files anew, without says which differ; both say which links lead nowhere. */
const root = fileURLToPath(new URL('../..', import.meta.url));
const drifted = (await generatedFiles(root)).filter(({ found, wanted }) => found !== wanted);
const write = process.argv.includes('--write');
if (write) await Promise.all(drifted.map(writeFileOf));
const failures = [
  ...(write ? [] : drifted.map((file) => `${file.path} differs from what its generator makes: npm run docs`)),
  ...(await brokenLinks(root)).map((link) => `${link} (the link leads nowhere)`),
];
for (const failure of failures) process.stderr.write(`${failure}\n`);
process.exitCode = failures.length === 0 ? 0 : 1;

async function writeFileOf({ path: file, wanted }: GeneratedFile): Promise<void> {
  await mkdir(path.dirname(path.join(root, file)), { recursive: true });
  await writeFile(path.join(root, file), wanted);
  process.stdout.write(`${file} written\n`);
}
