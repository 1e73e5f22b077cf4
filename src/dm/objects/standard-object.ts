import {
  findRow,
  type LeafNode,
  type NodePath,
  type NodeRow,
  type ObjectDefinition,
  provideInterior,
  provideLeaf,
  StoredInterior,
  StoredLeaf,
  type TreeNode,
} from '#src/dm/tree/index.js';

/** A value, or where to look it up each time it is read. */
export type Value = string | (() => string);
/** Values by the path of their node below the object's root. */
export type ObjectValues = ReadonlyMap<string, Value>;

/** The subtree of an object whose values this program owns: read-only, permanent, as its table says. */
export function provideObject(definition: ObjectDefinition, values: ObjectValues): TreeNode {
  return provideLevel(definition, values, []);
}

/** The subtree of an object in memory, which servers may change as far as its table allows. */
export function storeObject(definition: ObjectDefinition, values: ReadonlyMap<string, string>): StoredInterior {
  return storeLevel(definition, values, []);
}

/** A provided leaf as its row describes it. */
export function leafOf(row: NodeRow, read: () => string): LeafNode {
  if (row.format === 'node') throw new Error(`${row.path} is an interior node`);
  return provideLeaf({ format: row.format, type: row.type ?? 'text/plain', access: row.access, read });
}

function provideLevel(definition: ObjectDefinition, values: ObjectValues, at: NodePath): TreeNode {
  const names = namesBelow(values, at);
  const nodes = new Map(names.map((name) => [name, provideNode(definition, values, [...at, name])]));
  const access = at.length === 0 ? (['Get'] as const) : rowOf(definition, at).access;
  const type = at.length === 0 ? definition.urn : '';
  return provideInterior({ type, access, children: () => nodes.keys(), child: (name) => nodes.get(name) });
}

function provideNode(definition: ObjectDefinition, values: ObjectValues, at: NodePath): TreeNode {
  const value = values.get(at.join('/'));
  if (value === undefined) return provideLevel(definition, values, at);
  return leafOf(rowOf(definition, at), typeof value === 'string' ? () => value : value);
}

function storeLevel(definition: ObjectDefinition, values: ReadonlyMap<string, string>, at: NodePath): StoredInterior {
  const children = namesBelow(values, at).map((name) => [name, storeNode(definition, values, [...at, name])] as const);
  if (at.length === 0) return new StoredInterior({ type: definition.urn, children });
  const { access, permanent } = rowOf(definition, at);
  return new StoredInterior({ access, permanent, children });
}

function storeNode(definition: ObjectDefinition, values: ReadonlyMap<string, string>, at: NodePath): TreeNode {
  const value = values.get(at.join('/'));
  if (value === undefined) return storeLevel(definition, values, at);
  const { format, type = 'text/plain', access, permanent } = rowOf(definition, at);
  if (format === 'node') throw new Error(`${at.join('/')} is an interior node`);
  return new StoredLeaf({ format, type, access, permanent, fixed: true, value });
}

function namesBelow(values: ObjectValues, at: NodePath): string[] {
  const prefix = at.length === 0 ? '' : `${at.join('/')}/`;
  const below = [...values.keys()].filter((path) => path.startsWith(prefix));
  return [...new Set(below.map((path) => path.slice(prefix.length).split('/')[0] ?? ''))];
}

function rowOf(definition: ObjectDefinition, at: NodePath): NodeRow {
  const row = findRow(definition, at);
  if (row === undefined || row === 'open') throw new Error(`${definition.urn} has no node ${at.join('/')}`);
  return row;
}
