import { PosternError } from '#src/base/index.js';
import type { AccessType, Acl } from './acl.js';
import type { ExecContext, ExecOutcome, InteriorNode, LeafContent, LeafNode, TreeNode } from './node.js';

interface ProvidedOptions {
  readonly type?: string;
  /** Without it: Get, and Replace or Exec where there is a function for it. */
  readonly access?: readonly AccessType[];
  readonly acl?: Acl;
  readonly exec?: (value: string, context: ExecContext) => ExecOutcome | Promise<ExecOutcome>;
}
export interface ProvidedLeafOptions extends ProvidedOptions {
  readonly format?: LeafContent['format'];
  readonly read?: () => string;
  /** @throws PosternError whose status is the server's answer */
  readonly write?: (value: string) => void;
}
export interface ProvidedInteriorOptions extends ProvidedOptions {
  readonly children: () => Iterable<string>;
  /** Called for the one child that a URI names. */
  readonly child: (name: string) => TreeNode | undefined;
}

/** A leaf whose value lives elsewhere. It is permanent, and its format and type are fixed. */
export function provideLeaf(options: ProvidedLeafOptions): LeafNode {
  const { read = () => '', write } = options;
  return {
    ...traits(options, write !== undefined),
    kind: 'leaf',
    format: options.format ?? 'chr',
    type: options.type ?? 'text/plain',
    fixed: true,
    read,
    write({ value }) {
      if (write === undefined) throw new PosternError('tree.not-allowed', { command: 'Replace', uri: 'a computed value' });
      const before = read();
      write(value);
      return () => write(before);
    },
  };
}

/** An interior node whose children are looked up when they are asked for. It is permanent. */
export function provideInterior(options: ProvidedInteriorOptions): InteriorNode {
  const { children, child } = options;
  return { ...traits(options, false), kind: 'interior', format: 'node', type: options.type ?? '', children, child };
}

/** An interior node with these children, for a subtree that is put together once. */
export function provideChildren(
  nodes: Readonly<Record<string, TreeNode>>,
  options: Omit<ProvidedInteriorOptions, 'children' | 'child'> = {},
): InteriorNode {
  const byName = new Map(Object.entries(nodes));
  return provideInterior({ ...options, children: () => byName.keys(), child: (name) => byName.get(name) });
}

function traits(options: ProvidedOptions, writable: boolean) {
  const { acl, exec } = options;
  const access = options.access ?? ['Get', ...(writable ? ['Replace' as const] : []), ...(exec ? ['Exec' as const] : [])];
  return { access, permanent: true, ...(acl && { acl }), ...(exec && { exec }) } as const;
}
