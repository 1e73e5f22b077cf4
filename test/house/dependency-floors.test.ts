import { expect, it } from 'vitest';
import { readLockedAddresses, readManifest, readProductionTree } from './lockfile.js';
import { floors, licences } from './shipped-packages.js';

const production = await readProductionTree();
const manifest = await readManifest();

it('sees the production tree', () => {
  const names = production.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(Object.keys(manifest.dependencies)));
  expect(names).not.toContain('vitest');
});

it('ships no package below its floor', () => {
  const low = production.filter(({ name, version }) => !isAllowed(version, floors[name]));
  expect(low.map(({ name, version }) => `${name} ${version}: ${floors[name]?.why}`)).toEqual([]);
});

it('knows each package that stands in for another', () => {
  expect(
    Object.values(manifest.overrides).map((other) => production.find(({ name, version }) => `npm:${name}@${version}` === other)?.name),
  ).toEqual(['neoip']);
});

it.each([
  ['1.4.3', true],
  ['1.4.10', true],
  ['1.5.0', true],
  ['1.4.2', false],
  ['1.3.9', false],
  ['0.9.9', false],
  ['2.0.0', false],
  ['2.0.0-beta.1', false],
  ['1.4.3-beta.1', false],
])('compares versions number by number: %s', (version, allowed) => {
  expect(isAllowed(version, { floor: '1.4.3', below: '2.0.0' })).toBe(allowed);
});

it('pins every direct dependency exactly', () => {
  const loose = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(([, pin]) => !/^\d+\.\d+\.\d+$/.test(pin));
  expect(loose).toEqual([]);
});

it('locks the pins of package.json', () => {
  const versions = Object.keys(manifest.dependencies).map((name) => [name, production.find((one) => one.name === name)?.version]);
  expect(Object.fromEntries(versions)).toEqual(manifest.dependencies);
});

it('lets only better-sqlite3 run a script when it is installed', () => {
  expect(production.filter(({ hasInstallScript }) => hasInstallScript).map(({ name }) => name)).toEqual(['better-sqlite3']);
  expect(Object.keys(manifest.allowScripts)).toEqual(['better-sqlite3', 'esbuild']);
});

it('supports Node from 20.19 on', () => {
  expect(manifest.engines.node).toBe('>=20.19');
});

it('ships only under licences that may be shipped', () => {
  expect(production.filter(({ license }) => !licences.includes(license)).map(({ name, license }) => `${name}: ${license}`)).toEqual([]);
});

it('names no registry in the lockfile', async () => {
  expect(await readLockedAddresses()).toEqual([]);
});

function isAllowed(version: string, rule: { floor: string; below?: string } | undefined): boolean {
  if (rule === undefined) return true;
  return !version.includes('-') && compare(version, rule.floor) >= 0 && (rule.below === undefined || compare(version, rule.below) < 0);
}

function compare(left: string, right: string): number {
  const [a, b] = [left, right].map((version) => version.split('.').map((part) => Number.parseInt(part, 10)));
  const first = a?.findIndex((part, index) => part !== b?.[index]) ?? -1;
  return first === -1 ? 0 : (a?.[first] ?? 0) - (b?.[first] ?? 0);
}
