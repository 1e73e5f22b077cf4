import { PosternError } from '#src/base/index.js';

/** What an ACL grants; also what a node's definition allows. Copy has no entry of its own. */
export const accessTypes = ['Add', 'Delete', 'Exec', 'Get', 'Replace'] as const;
export type AccessType = (typeof accessTypes)[number];

/**
 * Who may do what with a node: server identifiers for each command, `*` for everyone.
 * One without any command is empty: the node takes its nearest ancestor's whole ACL.
 *
 * @see OMA DM TND 1.2 § 7.7.1
 */
export type Acl = Readonly<Partial<Record<AccessType, readonly string[]>>>;

export const emptyAcl: Acl = {};
/** The root's ACL where nobody has set another. */
export const defaultRootAcl: Acl = { Add: ['*'], Get: ['*'] };
const everyone = ['*'] as const;

/** Parses `Add=a+b&Get=*`; the empty text is the empty ACL. @throws PosternError `tree.invalid-acl` (400) */
export function parseAcl(text: string): Acl {
  const acl: Partial<Record<AccessType, readonly string[]>> = {};
  const trimmed = text.trim();
  if (trimmed === '') return acl;
  for (const entry of trimmed.split('&')) {
    const [command, ids] = parseEntry(entry);
    if (acl[command] !== undefined) throw new PosternError('tree.invalid-acl', { what: `${command} twice` });
    acl[command] = ids;
  }
  return acl;
}

/** @throws PosternError `tree.invalid-acl` for an identifier that the grammar cannot carry */
export function formatAcl(acl: Acl): string {
  return accessTypes
    .flatMap((command) => (acl[command] === undefined ? [] : [`${command}=${acl[command].map(checkId).join('+')}`]))
    .join('&');
}

export function isEmptyAcl(acl: Acl): boolean {
  return accessTypes.every((command) => acl[command] === undefined);
}

/** Whether an effective ACL lets a server do this. */
export function grants(acl: Acl, command: AccessType, serverId: string): boolean {
  const ids = acl[command] ?? [];
  return ids.includes('*') || ids.includes(serverId);
}

/** The ACL that holds for a node: its own, else the nearest ancestor's that is not empty. Own ACLs come from the root down. */
export function inheritAcl(fromRootDown: readonly Acl[]): Acl {
  return fromRootDown.findLast((acl) => !isEmptyAcl(acl)) ?? emptyAcl;
}

/** The ACL of an interior node whose creator may not Replace its parent: changes are the creator's, the rest as inherited. */
export function creatorAcl(inherited: Acl, serverId: string): Acl {
  return { ...inherited, Add: [serverId], Delete: [serverId], Replace: [serverId] };
}

/** Strips a server that is no longer known; a command left with no id disappears. */
export function withoutServer(acl: Acl, serverId: string): Acl {
  return strip(acl, serverId, undefined);
}

/** As withoutServer for the root, where a command left with no id is open to everyone: nobody else could ever regain it. */
export function rootWithoutServer(acl: Acl, serverId: string): Acl {
  return strip(acl, serverId, everyone);
}

function strip(acl: Acl, serverId: string, fallback: readonly string[] | undefined): Acl {
  const kept: Partial<Record<AccessType, readonly string[]>> = {};
  for (const command of accessTypes) {
    const ids = acl[command];
    if (ids === undefined) continue;
    const rest = ids.filter((id) => id !== serverId);
    const left = rest.length > 0 ? rest : fallback;
    if (left !== undefined) kept[command] = left;
  }
  return kept;
}

function parseEntry(entry: string): [AccessType, readonly string[]] {
  const at = entry.indexOf('=');
  const command = accessTypes.find((known) => known === entry.slice(0, at));
  if (command === undefined) throw new PosternError('tree.invalid-acl', { what: `"${entry}" names no command` });
  const ids = [
    ...new Set(
      entry
        .slice(at + 1)
        .split('+')
        .map(checkId),
    ),
  ];
  return [command, ids.includes('*') ? everyone : ids];
}

function checkId(id: string): string {
  if (id === '*' || /^[^=&*+\s]+$/.test(id)) return id;
  throw new PosternError('tree.invalid-acl', { what: `"${id}" is no server identifier` });
}
