import type * as Yaml from 'yaml';
import type { KeyPath } from './key-path.js';
import { yamlLibrary } from './yaml-library.js';

/** A mistake in how the file is built, whatever its keys mean. */
export interface StructureMistake {
  readonly path: KeyPath;
  /** Characters from the beginning of the file. */
  readonly offset: number;
  readonly found: string;
  readonly allowed: string;
}

const deepest = 32;
/** In a file, and values that they may stand for together. */
export const mostAliases = 100;

/** Finds keys that stand twice in one map, aliases of nothing or of what they stand in, and nesting that no key needs. */
export function structureMistakes(document: Yaml.Document.Parsed): StructureMistake[] {
  const mistakes: StructureMistake[] = [];
  const root: Inspection = { document, mistakes, path: [], within: [], aliases: [] };
  inspect(document.contents, root);
  const excess = root.aliases[mostAliases];
  if (excess !== undefined) note(root, offsetOfNode(excess), 'full of aliases', `at most ${mostAliases} aliases`);
  return mistakes;
}

/** Finds the offset of a key, or of the nearest map or list around it. */
export function offsetFinder(document: Yaml.Document.Parsed): (path: KeyPath) => number {
  const indexes = new WeakMap<Yaml.YAMLMap, Map<string, Yaml.Pair>>();
  const pairOf = (map: Yaml.YAMLMap, key: string | number) => {
    const index = indexes.get(map) ?? new Map(map.items.map((pair) => [keyText(pair.key), pair]));
    indexes.set(map, index);
    return index.get(String(key));
  };
  return (path) => {
    let place: Place = { node: document.contents, offset: document.contents?.range?.[0] ?? 0 };
    for (const part of path) {
      const next = step(document, { from: place.node, part, pairOf });
      if (next === undefined) break;
      place = next;
    }
    return place.offset;
  };
}

interface Step {
  readonly from: unknown;
  readonly part: string | number;
  pairOf(map: Yaml.YAMLMap, key: string | number): Yaml.Pair | undefined;
}

interface Place {
  readonly node: unknown;
  readonly offset: number;
}

interface Inspection {
  readonly document: Yaml.Document.Parsed;
  readonly mistakes: StructureMistake[];
  readonly path: KeyPath;
  readonly within: readonly unknown[];
  readonly aliases: Yaml.Alias[];
}

function inspect(node: unknown, inspection: Inspection): void {
  const { isAlias, isCollection } = yamlLibrary();
  if (isAlias(node)) {
    inspectAlias(node, inspection);
  } else if (isCollection(node) && inspection.within.length >= deepest) {
    note(inspection, offsetOfNode(node), 'nested too deeply', `at most ${deepest} levels`);
  } else if (isCollection(node)) {
    inspectCollection(node, inspection);
  }
}

function inspectCollection(node: unknown, inspection: Inspection): void {
  const { isMap, isSeq } = yamlLibrary();
  if (isMap(node)) noteDuplicates(node, inspection);
  if (!isMap(node) && !isSeq(node)) return;
  for (const [part, child] of children(node)) {
    inspect(child, { ...inspection, path: [...inspection.path, part], within: [...inspection.within, node] });
  }
}

function inspectAlias(alias: Yaml.Alias, inspection: Inspection): void {
  inspection.aliases.push(alias);
  // Each look for an anchor walks the file: without this bound a file full of aliases would take minutes.
  if (inspection.aliases.length > mostAliases) return;
  const target = alias.resolve(inspection.document);
  if (target === undefined) {
    note(inspection, offsetOfNode(alias), 'an alias without an anchor before it', 'an alias of something above it');
  } else if (inspection.within.includes(target)) {
    note(inspection, offsetOfNode(alias), 'an alias inside its own anchor', 'an alias of something else');
  }
}

function noteDuplicates(map: Yaml.YAMLMap, inspection: Inspection): void {
  const seen = new Set<string>();
  for (const { key } of map.items) {
    const name = keyText(key);
    if (seen.has(name)) {
      const here = { ...inspection, path: [...inspection.path, name] };
      note(here, offsetOfNode(key), 'written a second time', 'each key once');
    }
    seen.add(name);
  }
}

function note({ mistakes, path }: Inspection, offset: number, found: string, allowed: string): void {
  mistakes.push({ path, offset, found, allowed });
}

function children(node: Yaml.YAMLMap | Yaml.YAMLSeq): [string | number, unknown][] {
  const { isMap } = yamlLibrary();
  return isMap(node) ? node.items.map(({ key, value }) => [keyText(key), value]) : node.items.map((item, index) => [index, item]);
}

function step(document: Yaml.Document.Parsed, { from, part, pairOf }: Step): Place | undefined {
  const { isAlias, isMap, isSeq } = yamlLibrary();
  const node = isAlias(from) ? from.resolve(document) : from;
  if (isSeq(node) && typeof part === 'number') return place(node.items[part]);
  const pair = isMap(node) ? pairOf(node, part) : undefined;
  return pair && { node: pair.value, offset: offsetOfNode(pair.key) };
}

function place(node: unknown): Place | undefined {
  return node === undefined ? undefined : { node, offset: offsetOfNode(node) };
}

function keyText(key: unknown): string {
  return String(yamlLibrary().isScalar(key) ? (key.value ?? '') : key);
}

function offsetOfNode(node: unknown): number {
  return (yamlLibrary().isNode(node) && node.range?.[0]) || 0;
}
