import type { Item, Reply, ServerCommand } from '#src/dm/syncml/index.js';
import { type ExecutionContext, executeCommands, ManagementTree, parseAcl, StoredInterior, StoredLeaf } from '#src/dm/tree/index.js';

/** One row: what a server sends to a fresh sample tree, what it gets, and what has become of the tree. */
export interface Row {
  readonly title: string;
  readonly acl?: Readonly<Record<string, string>>;
  readonly commands: readonly ServerCommand[];
  readonly context?: Partial<ExecutionContext>;
  readonly replies: readonly string[];
  /** Values afterwards; null: no such node. */
  readonly tree?: Readonly<Record<string, string | null>>;
}

export const everything = 'Add=*&Delete=*&Exec=*&Get=*&Replace=*';

/** ./A with leaves b, n (int), x (bin), fix (permanent, fixed), ro (Get only), secret (Replace only) and ./A/C/d. */
export function sampleTree(acls: Readonly<Record<string, string>> = {}): ManagementTree {
  const tree = new ManagementTree({
    rootAcl: parseAcl(acls['.'] ?? everything),
    limits: { maxDepth: 5, maxTotLen: 60, maxSegLen: 12 },
    root: new StoredInterior({
      permanent: true,
      children: [
        [
          'A',
          new StoredInterior({
            type: 'urn:x:a',
            children: [
              ['b', new StoredLeaf({ value: 'one' })],
              ['n', new StoredLeaf({ value: '5', format: 'int' })],
              ['x', new StoredLeaf({ value: 'AAEC', format: 'bin', type: 'application/octet-stream' })],
              ['fix', new StoredLeaf({ value: 'f', permanent: true, fixed: true, access: ['Get', 'Replace', 'Delete'] })],
              ['ro', new StoredLeaf({ value: 'r', access: ['Get'] })],
              ['secret', new StoredLeaf({ value: 's3cret', access: ['Replace'] })],
              ['C', new StoredInterior({ children: [['d', new StoredLeaf({ value: 'deep' })]] })],
            ],
          }),
        ],
        ['E', new StoredInterior()],
      ],
    }),
  });
  for (const [uri, acl] of Object.entries(acls)) {
    if (uri !== '.') tree.setAcl(uri.split('/').slice(1), parseAcl(acl));
  }
  return tree;
}

export async function run(tree: ManagementTree, commands: readonly ServerCommand[], context: Partial<ExecutionContext> = {}) {
  return (await executeCommands(tree, commands, { serverId: 'srv', ...context })).map(brief);
}

/** `1 Get 200 ./A/b` for a Status, `= ./A/b chr text/plain "one"` for a Results. */
export function brief(reply: Reply): string {
  if (reply.name === 'Status') {
    const extra = reply.Item?.map((item) => ` "${String(item.Data)}"`).join('') ?? '';
    return [reply.CmdRef, reply.Cmd, reply.Data, ...(reply.TargetRef ?? [])].join(' ') + extra;
  }
  return (reply.Item ?? []).map(briefItem).join(' | ');
}

function briefItem({ Source, Meta, Data }: Item): string {
  const data = Data === undefined ? [] : [typeof Data === 'object' ? Data.markup : `"${Data}"`];
  return ['=', Source?.LocURI, Meta?.Format, ...(Meta?.Type ? [Meta.Type] : []), ...data].join(' ');
}

export function target(uri: string, more: Omit<Item, 'Target'> = {}): Item {
  return { Target: { LocURI: uri }, ...more };
}
export function get(...uris: string[]): ServerCommand {
  return { name: 'Get', CmdID: '1', Item: uris.map((uri) => target(uri)) };
}
export function change(name: 'Add' | 'Replace', uri: string, data?: string, format?: string, type?: string, CmdID = '1'): ServerCommand {
  const Meta = { ...(format !== undefined && { Format: format }), ...(type !== undefined && { Type: type }) };
  return { name, CmdID, Item: [target(uri, { ...(format || type ? { Meta } : {}), ...(data !== undefined && { Data: data }) })] };
}
export function del(uri: string, CmdID = '1'): ServerCommand {
  return { name: 'Delete', CmdID, Item: [target(uri)] };
}
