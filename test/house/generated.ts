import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** What a module in test/house/generate makes: a whole file, or the block between two markers in one. */
export interface Generated {
  /** Below the repository's root, with slashes. */
  readonly path: string;
  /** The name in `<!-- generated: NAME -->` … `<!-- end -->`; absent: the whole file. */
  readonly block?: string;
  readonly content: string;
}

/** A file as it is (undefined: it is not there) and as the generators want it. */
export interface GeneratedFile {
  readonly path: string;
  readonly found: string | undefined;
  readonly wanted: string;
}

/** Runs every generator and lays what they made beside the files on disk. */
export async function generatedFiles(root: string): Promise<GeneratedFile[]> {
  const made = await runGenerators(path.join(root, 'test/house/generate'));
  const paths = [...new Set(made.map((one) => one.path))];
  return Promise.all(
    paths.map((file) =>
      layBeside(
        root,
        file,
        made.filter((one) => one.path === file),
      ),
    ),
  );
}

/**
 * Puts a block between its markers.
 * @throws Error when the text has no such markers.
 */
export function fillBlock(text: string, name: string, content: string): string {
  const opening = `<!-- generated: ${name} -->`;
  const start = text.indexOf(opening);
  const end = text.indexOf('<!-- end -->', start);
  if (start === -1 || end === -1) throw new Error(`no block ${opening} … <!-- end -->`);
  return `${text.slice(0, start + opening.length)}\n${content.trim()}\n${text.slice(end)}`;
}

/** Lays what the generators made of one file, whole or in blocks, beside what is there. */
export async function layBeside(root: string, file: string, pieces: readonly Generated[]): Promise<GeneratedFile> {
  const found = await readFile(path.join(root, file), 'utf8').catch(undefinedWhenAbsent);
  const wanted = pieces.reduce(
    (text, { block, content }) => (block === undefined ? content : fillBlock(text, block, content)),
    found ?? '',
  );
  return { path: file, found, wanted };
}

async function runGenerators(folder: string): Promise<Generated[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.ts')).sort();
  const made = await Promise.all(names.map((name) => runGenerator(path.join(folder, name))));
  return made.flat();
}

async function runGenerator(file: string): Promise<Generated[]> {
  const module: { generated?: () => Promise<Generated[]> } = await import(pathToFileURL(file).href);
  if (module.generated === undefined) throw new Error(`${path.basename(file)} does not export generated()`);
  return module.generated();
}

function undefinedWhenAbsent(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
