import type { AccessType } from './acl.js';
import type { NodeFormat } from './format.js';
import type { NodePath } from './uri.js';

/** How often a node stands under its parent. */
export type Occurrence = 'one' | 'zero-or-one' | 'zero-or-more' | 'one-or-more';

/** One node of a management object, as a row of its table. */
export interface NodeRow {
  /** Below the object's root; a segment in angle brackets, `<X>`, stands for any name. */
  readonly path: string;
  readonly format: NodeFormat;
  /** MIME type, text/plain where nothing is said. */
  readonly type?: string;
  readonly access: readonly AccessType[];
  readonly occurs: Occurrence;
  /** Cannot be deleted by itself; goes with a dynamic parent. */
  readonly permanent: boolean;
  /** Whatever stands below it is not ours to describe. */
  readonly open?: boolean;
  readonly description: string;
}

/** A management object: what may stand under its root and what servers may do with it. */
export interface ObjectDefinition {
  readonly urn: string;
  /** Older type strings of the same object. */
  readonly aliases?: readonly string[];
  /** The document that the table was taken from. */
  readonly source: string;
  readonly rows: readonly NodeRow[];
}

/** The row of a node, `open` for one that stands where anything may, undefined for one that the object does not have. */
export function findRow(definition: ObjectDefinition, below: NodePath): NodeRow | 'open' | undefined {
  const exact = definition.rows.find((row) => matches(row.path.split('/'), below));
  if (exact !== undefined) return exact;
  const open = definition.rows.some((row) => row.open && matches(row.path.split('/'), below.slice(0, depthOf(row))));
  return open ? 'open' : undefined;
}

/** Whether a Type names this object, by its URN or an older string. */
export function isTypeOf(definition: ObjectDefinition, type: string): boolean {
  return definition.urn === type || (definition.aliases?.includes(type) ?? false);
}

function matches(pattern: readonly string[], path: NodePath): boolean {
  return pattern.length === path.length && pattern.every((segment, at) => segment.startsWith('<') || segment === path[at]);
}

function depthOf(row: NodeRow): number {
  return row.path.split('/').length;
}
