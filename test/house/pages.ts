import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Made from the program itself. */
const generated = ['docs/reference/command-line.md'];

/** A page that people write, and what stands there as code. */
export interface Page {
  readonly file: string;
  /** Inline code, and each line of a block, with what a backslash continues. */
  readonly code: readonly string[];
}

/** README, changelog and docs. */
export function pages(): Page[] {
  const docs = readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => `docs/${name}`);
  return ['README.md', 'CHANGELOG.md', ...docs]
    .filter((file) => file.endsWith('.md') && !generated.includes(file))
    .map((file) => ({ file, code: codeIn(readFileSync(path.join(root, file), 'utf8')) }));
}

/** @param text Markdown */
export function codeIn(text: string): string[] {
  const blocks = [...text.matchAll(/^```.*\n([\s\S]*?)^```/gm)].map(([, block = '']) => block);
  const lines = blocks.flatMap((block) => block.replace(/\\\n\s*/g, '').split('\n'));
  const prose = text.replace(/^```[\s\S]*?^```/gm, '');
  return [...lines, ...[...prose.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code.replace(/\s+/g, ' '))];
}
