import { PosternError } from '#src/base/index.js';
import type { DecodeLimits } from '#src/dm/syncml/index.js';
import {
  findRow,
  formatTnds,
  isTypeOf,
  type NodePath,
  type ObjectDefinition,
  parseTnds,
  type StoredInterior,
  type TndsNode,
  type TreeNode,
} from '#src/dm/tree/index.js';
import { storeObject } from './standard-object.js';

const container = ['Add', 'Get'] as const;
const setting = ['Get', 'Replace'] as const;
const instance = ['Add', 'Delete', 'Get', 'Replace'] as const;

/** An account at one DM server. Secrets and nonces can be written and never read. */
export const dmAccDefinition = {
  urn: 'urn:oma:mo:oma-dm-dmacc:1.0',
  aliases: ['org.openmobilealliance/1.0/w7'],
  source: 'OMA DM StdObj 1.2 § 5.3.1',
  rows: [
    { path: 'AppID', format: 'chr', access: ['Get'], occurs: 'one', permanent: true, description: 'always w7' },
    { path: 'ServerID', format: 'chr', access: ['Get'], occurs: 'one', permanent: true, description: 'identifier of the DM server' },
    { path: 'Name', format: 'chr', access: setting, occurs: 'zero-or-one', permanent: true, description: 'what people call it' },
    { path: 'PrefConRef', format: 'chr', access: setting, occurs: 'zero-or-one', permanent: true, description: 'preferred connectivity' },
    { path: 'ToConRef', format: 'node', access: container, occurs: 'zero-or-one', permanent: true, description: 'connectivities' },
    { path: 'ToConRef/<X>', format: 'node', access: instance, occurs: 'one-or-more', permanent: false, description: 'one connectivity' },
    {
      path: 'ToConRef/<X>/ConRef',
      format: 'chr',
      access: setting,
      occurs: 'one',
      permanent: true,
      description: 'URI of a connectivity object',
    },
    { path: 'AppAddr', format: 'node', access: container, occurs: 'one', permanent: true, description: 'addresses of the server' },
    { path: 'AppAddr/<X>', format: 'node', access: instance, occurs: 'one-or-more', permanent: false, description: 'one address' },
    { path: 'AppAddr/<X>/Addr', format: 'chr', access: setting, occurs: 'one', permanent: true, description: 'the address' },
    { path: 'AppAddr/<X>/AddrType', format: 'chr', access: setting, occurs: 'one', permanent: true, description: 'URI, IPv4 or IPv6' },
    { path: 'AppAddr/<X>/Port', format: 'node', access: container, occurs: 'zero-or-one', permanent: true, description: 'ports' },
    { path: 'AppAddr/<X>/Port/<X>', format: 'node', access: instance, occurs: 'one-or-more', permanent: false, description: 'one port' },
    { path: 'AppAddr/<X>/Port/<X>/PortNbr', format: 'int', access: setting, occurs: 'one', permanent: true, description: 'port number' },
    { path: 'AAuthPref', format: 'chr', access: setting, occurs: 'zero-or-one', permanent: true, description: 'preferred AAuthType' },
    { path: 'AppAuth', format: 'node', access: container, occurs: 'zero-or-one', permanent: true, description: 'credentials' },
    {
      path: 'AppAuth/<X>',
      format: 'node',
      access: instance,
      occurs: 'one-or-more',
      permanent: false,
      description: 'one set of credentials',
    },
    {
      path: 'AppAuth/<X>/AAuthLevel',
      format: 'chr',
      access: setting,
      occurs: 'one',
      permanent: true,
      description: 'CLCRED, SRVCRED, OBEX or HTTP',
    },
    {
      path: 'AppAuth/<X>/AAuthType',
      format: 'chr',
      access: setting,
      occurs: 'one',
      permanent: true,
      description: 'BASIC, DIGEST, HMAC and others',
    },
    { path: 'AppAuth/<X>/AAuthName', format: 'chr', access: setting, occurs: 'zero-or-one', permanent: true, description: 'user name' },
    {
      path: 'AppAuth/<X>/AAuthSecret',
      format: 'chr',
      access: ['Replace'],
      occurs: 'zero-or-one',
      permanent: true,
      description: 'password',
    },
    {
      path: 'AppAuth/<X>/AAuthData',
      format: 'bin',
      access: ['Replace'],
      occurs: 'zero-or-one',
      permanent: true,
      description: 'the next nonce',
    },
    {
      path: 'Ext',
      format: 'node',
      access: container,
      occurs: 'zero-or-one',
      permanent: true,
      open: true,
      description: 'vendor extensions',
    },
  ],
} as const satisfies ObjectDefinition;

const addressTypes = ['URI', 'IPv4', 'IPv6'] as const;
const credentialTypes = ['BASIC', 'DIGEST'] as const;

export interface DmAccAddress {
  readonly addr: string;
  readonly addrType: (typeof addressTypes)[number];
  readonly ports?: readonly number[];
}
export interface DmAccCredentials {
  readonly type: (typeof credentialTypes)[number];
  readonly name: string;
  readonly secret: string;
  /** The next nonce, Base64. */
  readonly nonce?: string;
}
/** An account as the DM machinery uses it. */
export interface DmAccount {
  /** The name of its node, e.g. `owner` for ./DMAcc/owner. */
  readonly id: string;
  readonly serverId: string;
  readonly name?: string;
  /** At least one; the first is used first. */
  readonly addresses: readonly DmAccAddress[];
  /** Ours towards the server (CLCRED). */
  readonly client?: DmAccCredentials;
  /** The server's towards us (SRVCRED). */
  readonly server?: DmAccCredentials;
}

/** The subtree for ./DMAcc/<id>, in memory. */
export function dmAcc(account: DmAccount): StoredInterior {
  return storeObject(dmAccDefinition, leavesOf(account));
}

/** Reads an account back from its subtree, secrets included. @throws PosternError `objects.invalid-account` */
export function readDmAccNode(id: string, node: TreeNode): DmAccount {
  return accountOf(id, new Map(leavesBelow(node, [])));
}

/** An account as a TNDS document to bootstrap a device with: a tree for ./DMAcc. It holds the secrets. @see OMA DM Bootstrap 1.2 § 5.4 */
export function dmAccTnds(account: DmAccount): string {
  const leaves = leavesOf(account);
  return formatTnds(
    [{ ...tndsLevel(leaves, []), name: account.id, path: 'DMAcc', type: dmAccDefinition.urn }],
    new Set(['Format', 'Type', 'Value']),
  );
}

/** Reads the account of a TNDS document. @throws PosternError `objects.invalid-account`, `tree.invalid-tnds`, `syncml.*` */
export function readDmAcc(tnds: string, limits?: DecodeLimits): DmAccount {
  const roots = parseTnds(tnds, limits).flatMap(accountRoots);
  const [root] = roots;
  if (root === undefined || roots.length > 1) throw invalid(`the document holds ${roots.length} accounts, not one`);
  if (root.name === '') throw invalid('its node has no name');
  return accountOf(root.name, new Map(tndsLeaves(root, [])));
}

function leavesOf(account: DmAccount): Map<string, string> {
  const leaves = new Map([
    ['AppID', 'w7'],
    ['ServerID', account.serverId],
  ]);
  if (account.name !== undefined) leaves.set('Name', account.name);
  for (const [at, address] of account.addresses.entries()) setAddress(leaves, `AppAddr/${at + 1}`, address);
  if (account.client !== undefined) {
    leaves.set('AAuthPref', account.client.type);
    setCredentials(leaves, 'AppAuth/Client', 'CLCRED', account.client);
  }
  if (account.server !== undefined) setCredentials(leaves, 'AppAuth/Server', 'SRVCRED', account.server);
  return leaves;
}

function setAddress(leaves: Map<string, string>, at: string, address: DmAccAddress): void {
  leaves.set(`${at}/Addr`, address.addr);
  leaves.set(`${at}/AddrType`, address.addrType);
  for (const [index, port] of (address.ports ?? []).entries()) leaves.set(`${at}/Port/${index + 1}/PortNbr`, String(port));
}

function setCredentials(leaves: Map<string, string>, at: string, level: string, credentials: DmAccCredentials): void {
  leaves.set(`${at}/AAuthLevel`, level);
  leaves.set(`${at}/AAuthType`, credentials.type);
  leaves.set(`${at}/AAuthName`, credentials.name);
  leaves.set(`${at}/AAuthSecret`, credentials.secret);
  leaves.set(`${at}/AAuthData`, credentials.nonce ?? '');
}

type Leaves = ReadonlyMap<string, string>;

function accountOf(id: string, leaves: Leaves): DmAccount {
  const appId = required(leaves, 'AppID');
  if (appId !== 'w7') throw invalid(`AppID is ${appId}, not w7`);
  const addresses = instances(leaves, 'AppAddr').map((at) => addressAt(leaves, at));
  if (addresses.length === 0) throw invalid('it has no AppAddr');
  const name = leaves.get('Name');
  const client = credentialsFor(leaves, 'CLCRED');
  const server = credentialsFor(leaves, 'SRVCRED');
  const serverId = required(leaves, 'ServerID');
  return { id, serverId, addresses, ...(name !== undefined && { name }), ...(client && { client }), ...(server && { server }) };
}

function addressAt(leaves: Leaves, at: string): DmAccAddress {
  const addr = required(leaves, `${at}/Addr`);
  const addrType = oneOf(addressTypes, required(leaves, `${at}/AddrType`), `${at}/AddrType`);
  const ports = instances(leaves, `${at}/Port`).map((port) => portNumber(required(leaves, `${port}/PortNbr`)));
  return { addr, addrType, ...(ports.length > 0 && { ports }) };
}

function credentialsFor(leaves: Leaves, level: string): DmAccCredentials | undefined {
  const at = instances(leaves, 'AppAuth').find((path) => leaves.get(`${path}/AAuthLevel`) === level);
  if (at === undefined) return undefined;
  const type = oneOf(credentialTypes, required(leaves, `${at}/AAuthType`), `${at}/AAuthType`);
  const nonce = leaves.get(`${at}/AAuthData`);
  const [name, secret] = [leaves.get(`${at}/AAuthName`) ?? '', required(leaves, `${at}/AAuthSecret`)];
  return { type, name, secret, ...(nonce && { nonce }) };
}

function instances(leaves: Leaves, at: string): string[] {
  const depth = at.split('/').length + 1;
  const below = [...leaves.keys()].filter((path) => path.startsWith(`${at}/`));
  return [...new Set(below.map((path) => path.split('/').slice(0, depth).join('/')))];
}

function required(leaves: Leaves, path: string): string {
  const value = leaves.get(path);
  if (value === undefined || value === '') throw invalid(`${path} is missing`);
  return value;
}

function oneOf<T extends string>(known: readonly T[], value: string, path: string): T {
  const found = known.find((one) => one === value);
  if (found === undefined) throw invalid(`${path} is ${value}, not one of ${known.join(', ')}`);
  return found;
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw invalid(`PortNbr is ${text}, no port`);
  return port;
}

function* leavesBelow(node: TreeNode, at: NodePath): Generator<[string, string]> {
  if (node.kind === 'leaf') return yield [at.join('/'), node.read()];
  for (const name of node.children()) {
    const child = node.child(name);
    if (child !== undefined) yield* leavesBelow(child, [...at, name]);
  }
}

function tndsLevel(leaves: Leaves, at: NodePath): TndsNode {
  const path = at.join('/');
  const value = leaves.get(path);
  const name = at.at(-1) ?? '';
  if (value !== undefined) return { name, format: formatOf(at), value, children: [] };
  const prefix = path === '' ? '' : `${path}/`;
  const below = [...leaves.keys()].filter((leaf) => leaf.startsWith(prefix)).map((leaf) => leaf.slice(prefix.length).split('/')[0] ?? '');
  return { name, format: 'node', children: [...new Set(below)].map((child) => tndsLevel(leaves, [...at, child])) };
}

function formatOf(at: NodePath) {
  const row = findRow(dmAccDefinition, at);
  return typeof row === 'object' ? row.format : 'chr';
}

function* tndsLeaves(node: TndsNode, at: NodePath): Generator<[string, string]> {
  if (node.format !== 'node') return yield [at.join('/'), node.value ?? ''];
  for (const child of node.children) yield* tndsLeaves(child, [...at, child.name]);
}

/** The account nodes of a document: by their Type, or those that have an AppID. */
function accountRoots(node: TndsNode): TndsNode[] {
  const isAccount = isTypeOf(dmAccDefinition, node.type ?? '') || node.children.some(({ name }) => name === 'AppID');
  return isAccount ? [node] : node.children.flatMap(accountRoots);
}

function invalid(what: string): PosternError {
  return new PosternError('objects.invalid-account', { what });
}
