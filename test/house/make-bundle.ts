import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile, type Plugin } from 'esbuild';
import { readManifest } from './lockfile.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Programs look for one another beside the file that they are in: what they share lies at the depth at which they lie in `src`. */
const shared = 'programs/shared';
const programs: Readonly<Record<string, string>> = {
  'programs/postern/main': 'src/programs/postern/main.ts',
  'programs/hardware/main': 'src/programs/hardware/main.ts',
  [`${shared}/broker-program`]: 'src/programs/demo/broker-program.ts',
  [`${shared}/upnp-program`]: 'src/programs/demo/upnp-program.ts',
};
/** Native, or loaded by a `require` that a bundler cannot see. */
const neverBundled = ['better-sqlite3', 'yaml'];

/** What is loaded only when it is used stays a package of its own: a bundle of everything would be read as a whole. */
const lazyPackages: Plugin = {
  name: 'lazy packages',
  setup({ onResolve }) {
    onResolve({ filter: /^[^.#/]/ }, ({ kind, path: name }) => (kind === 'dynamic-import' ? { path: name, external: true } : undefined));
  },
};

/**
 * Puts our code and the packages that every start loads into few files, in a folder that is emptied first. Its package.json names the
 * packages that are still needed, as pinned here.
 * @returns the names of these packages
 */
export async function makeBundle(folder: string): Promise<string[]> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: programs,
    outdir: folder,
    chunkNames: `${shared}/[name]-[hash]`,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['postern-source'],
    external: neverBundled,
    plugins: [lazyPackages],
    // Packages that are CommonJS ask for Node's own modules by `require`, which modules do not have.
    banner: { js: "import { createRequire as makeRequire } from 'node:module'; globalThis.require ??= makeRequire(import.meta.url);" },
    legalComments: 'linked',
    metafile: true,
    logLevel: 'error',
  });
  const manifest = await manifestFor(importedBy(metafile));
  await writeFile(path.join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  return Object.keys(manifest.dependencies);
}

/** Node's own modules and packages that another package asks for in vain are among them. */
function importedBy({ outputs }: Metafile): ReadonlySet<string> {
  const imports = Object.values(outputs).flatMap((output) => output.imports);
  return new Set([...imports.filter(({ external }) => external === true).map(({ path: name }) => name), ...neverBundled]);
}

async function manifestFor(imported: ReadonlySet<string>) {
  const { name, version, license, engines, dependencies, overrides, allowScripts } = await readManifest();
  return {
    name,
    version,
    license,
    private: true,
    type: 'module',
    engines,
    bin: { postern: 'programs/postern/main.js' },
    dependencies: Object.fromEntries(Object.entries(dependencies).filter(([each]) => imported.has(each))),
    overrides,
    allowScripts: { 'better-sqlite3': allowScripts['better-sqlite3'] },
  };
}
