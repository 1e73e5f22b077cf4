import { PosternError } from '#src/base/index.js';
import { keptSecret, type Scheme } from '#src/dm/auth/index.js';
import { type DmAccCredentials, type DmAccount, dmAcc, readDmAccNode } from '#src/dm/objects/index.js';
import type { NonceFor } from '#src/dm/session/index.js';
import { accessTypes, formatPath, type ManagementTree, type NodePath, StoredInterior } from '#src/dm/tree/index.js';

const accounts = ['DMAcc'] as const;

/** Gives the device its one account, in the place of any other, and its server every right. */
export function setAccount(tree: ManagementTree, account: DmAccount): void {
  const children = [[account.id, dmAcc(account)] as const];
  tree.mount(formatPath(accounts), new StoredInterior({ permanent: true, access: ['Get'], children }));
  tree.setAcl([], Object.fromEntries(accessTypes.map((type) => [type, [account.serverId]])));
}

/** The account as it stands in the tree now: a server may have changed it. @throws PosternError `device.no-account`, `objects.invalid-account` */
export function findAccount(tree: ManagementTree): DmAccount {
  const id = accountName(tree);
  const node = id === undefined ? undefined : tree.find([...accounts, id]);
  if (id === undefined || node === undefined) throw new PosternError('device.no-account');
  return readDmAccNode(id, node);
}

/** Where package 1 goes. @throws PosternError `device.address` */
export function addressOf({ id, addresses }: DmAccount): string {
  const refuse = (what: string) => new PosternError('device.address', { account: id, what });
  const [first] = addresses;
  if (first?.addrType !== 'URI') throw refuse('its type is not URI');
  if (!/^https?:\/\//i.test(first.addr) || !URL.canParse(first.addr)) throw refuse('it is neither an https nor an http URL');
  const url = new URL(first.addr);
  const [port] = first.ports ?? [];
  if (url.port === '' && port !== undefined) url.port = String(port);
  return url.href;
}

/** A side's credentials as the session machine wants them. */
export function authOf({ type, name, secret }: DmAccCredentials, otherwise: string) {
  const scheme: Scheme = type === 'DIGEST' ? 'md5' : 'basic';
  const userName = name === '' ? otherwise : name;
  return { scheme, identity: { userName, secret: keptSecret(scheme, userName, secret, true) } };
}

/** Keeps the nonce for somebody's next credentials. Without credentials there (a server may have deleted them) there is none. */
export function keepNonce(tree: ManagementTree, whose: NonceFor, nonce: string): void {
  const place = credentialsFor(tree, whose === 'client' ? 'CLCRED' : 'SRVCRED');
  if (place === undefined) return;
  const leaf = [...place, 'AAuthData'];
  if (tree.find(leaf) === undefined) tree.add(leaf, { kind: 'leaf', format: 'bin', type: 'text/plain', value: nonce });
  else tree.set(formatPath(leaf), nonce);
}

function accountName(tree: ManagementTree): string | undefined {
  return namesBelow(tree, accounts)[0];
}

function credentialsFor(tree: ManagementTree, level: string): NodePath | undefined {
  const id = accountName(tree);
  if (id === undefined) return undefined;
  const all = [...accounts, id, 'AppAuth'];
  const places = namesBelow(tree, all).map((name) => [...all, name]);
  return places.find((place) => tree.read(formatPath([...place, 'AAuthLevel'])) === level);
}

function namesBelow(tree: ManagementTree, path: NodePath): string[] {
  const node = tree.find(path);
  return node?.kind === 'interior' ? [...node.children()] : [];
}
