import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const manifest = z.looseObject({
  engines: z.looseObject({ node: z.string() }),
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()),
  allowScripts: z.record(z.string(), z.boolean()),
  overrides: z.record(z.string(), z.string()),
});
const locked = z.looseObject({
  /** Only where one package stands in for another. */
  name: z.string().optional(),
  version: z.string().optional(),
  license: z.string().optional(),
  integrity: z.string().optional(),
  dev: z.boolean().optional(),
  hasInstallScript: z.boolean().optional(),
});
const lockfile = z.looseObject({ packages: z.record(z.string(), locked) });

/** A package of the production tree, as locked. */
export interface ProductionPackage {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  /** `sha512-…` of its archive, Base64. */
  readonly integrity: string;
  readonly hasInstallScript: boolean;
}

export async function readManifest(): Promise<z.infer<typeof manifest>> {
  return manifest.parse(JSON.parse(await readTop('package.json')));
}

/** Every locked package that is not there for development only; a name occurs once per version. */
export async function readProductionTree(): Promise<ProductionPackage[]> {
  const { packages } = lockfile.parse(JSON.parse(await readTop('package-lock.json')));
  const production = Object.entries(packages).filter(([place, entry]) => place !== '' && entry.dev !== true);
  return production.map(([place, { name, version = '', license = '', integrity = '', hasInstallScript = false }]) => ({
    name: name ?? place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length),
    version,
    license,
    integrity,
    hasInstallScript,
  }));
}

/** The addresses that the lockfile holds outside what packages say about themselves: none of them belongs there. */
export async function readLockedAddresses(): Promise<string[]> {
  return addressesIn(JSON.parse(await readTop('package-lock.json')));
}

function addressesIn(value: unknown): string[] {
  if (typeof value === 'string') return value.includes('://') ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  const own = Object.entries(value).filter(([key]) => key !== 'funding' && key !== 'deprecated');
  return own.flatMap(([, inner]) => addressesIn(inner));
}

function readTop(name: string): Promise<string> {
  return readFile(new URL(`../../${name}`, import.meta.url), 'utf8');
}
