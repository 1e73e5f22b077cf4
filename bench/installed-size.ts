import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';

/** Bytes of all files below a folder. */
export function sizeOf(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.reduce((sum, { parentPath, name }) => sum + statSync(path.join(parentPath, name)).size, 0);
}

/**
 * Bytes of packages and of all that they depend on, as they are installed.
 * @param from a folder that they are found from
 */
export function installedSize(names: readonly string[], from: string): number {
  const found = new Set<string>();
  for (const name of names) collect(name, from, found);
  // What is installed within another is counted with it.
  const outermost = [...found].filter((folder) => ![...found].some((other) => folder.startsWith(`${other}${path.sep}`)));
  return outermost.reduce((sum, folder) => sum + sizeOf(folder), 0);
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

function collect(name: string, from: string, found: Set<string>): void {
  const folder = packageFolder(name, from);
  if (folder === undefined || found.has(folder)) return;
  found.add(folder);
  const { dependencies, optionalDependencies } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Manifest;
  for (const each of Object.keys({ ...dependencies, ...optionalDependencies })) collect(each, folder, found);
}

/** Undefined where it is optional and not for this machine. */
function packageFolder(name: string, from: string): string | undefined {
  const here = path.join(from, 'node_modules', name);
  if (existsSync(here)) return realpathSync(here);
  const above = path.dirname(from);
  return above === from ? undefined : packageFolder(name, above);
}
