import { PosternError } from '#src/base/index.js';
import { type Acl, defaultRootAcl, emptyAcl, formatAcl, inheritAcl, parseAcl, rootWithoutServer, withoutServer } from './acl.js';
import { findRow, isTypeOf, type ObjectDefinition } from './definition.js';
import type { InteriorNode, LeafContent, NewNode, TreeNode, Undo } from './node.js';
import { dynamicAccess, type NodeState, restoreNode, StoredInterior, StoredLeaf } from './stored-node.js';
import { changeAll, noChange } from './undo.js';
import { checkPath, defaultUriLimits, formatPath, type NodePath, parsePath, type UriLimits } from './uri.js';

export interface TreeOptions {
  /** The in-memory part; without it an empty root. */
  readonly root?: StoredInterior;
  /** Which servers may do what where nothing else is said. */
  readonly rootAcl?: Acl;
  readonly limits?: UriLimits;
  /** Milliseconds since 1970, for TStamp; without it no node gets one. */
  readonly now?: () => number;
  /** Objects whose tables hold for what servers add, recognised by the Type of their root node. */
  readonly objects?: readonly ObjectDefinition[];
  /** What servers may put into the tree at all: characters of values and names, plus 128 for each node. */
  readonly capacity?: number;
}

/** A tree's in-memory part and its ACLs as plain JSON. */
export interface TreeState {
  readonly root: NodeState;
  readonly acls: readonly (readonly [uri: string, acl: string])[];
}

/** Where a path leads: the nodes that exist on the way, the root first, and the names that lead nowhere. */
export interface Located {
  readonly path: NodePath;
  readonly chain: readonly [TreeNode, ...TreeNode[]];
  readonly missing: readonly string[];
}

/** What a new node is to hold; its access and permanence come from its definition. */
export type Addition = (LeafContent & { readonly kind: 'leaf' }) | { readonly kind: 'interior'; readonly type: string };

const nodeCost = 128;
const defaultCapacity = 4_194_304;

/**
 * One device's tree: stored nodes, and provided ones mounted among them, under one root.
 * It knows definitions, limits and ACLs but checks no server's rights: executeCommands does.
 *
 * @see OMA DM TND 1.2 § 6, 7
 */
export class ManagementTree {
  readonly root: StoredInterior;
  readonly limits: UriLimits;
  readonly #now: (() => number) | undefined;
  readonly #objects: readonly ObjectDefinition[];
  readonly #capacity: number;
  #acls = new Map<string, Acl>();
  #used = 0;

  constructor(options: TreeOptions = {}) {
    this.root = options.root ?? new StoredInterior({ permanent: true });
    this.limits = options.limits ?? defaultUriLimits;
    this.#now = options.now;
    this.#objects = options.objects ?? [];
    this.#capacity = options.capacity ?? defaultCapacity;
    this.#used = weigh('', this.root);
    this.#acls.set(formatPath([]), options.rootAcl ?? defaultRootAcl);
  }

  /** Builds a tree from its state; what was mounted is to be mounted again. @throws PosternError `tree.invalid-*` */
  static restore(state: TreeState, options: Omit<TreeOptions, 'root' | 'rootAcl'> = {}): ManagementTree {
    const root = restoreNode(state.root);
    if (root.kind !== 'interior') throw new PosternError('tree.invalid-state', { node: '.' });
    const tree = new ManagementTree({ ...options, root });
    for (const [uri, acl] of state.acls) tree.#acls.set(uri, parseAcl(acl));
    return tree;
  }

  toJSON(): TreeState {
    return { root: this.root.state(''), acls: [...this.#acls].map(([uri, acl]) => [uri, formatAcl(acl)] as const) };
  }

  /** Puts a node of this program's own there; the interior nodes above it are made where they are missing. */
  mount(uri: string, node: TreeNode): void {
    const path = parsePath(uri, this.limits);
    let parent = this.root;
    for (const name of path.slice(0, -1)) {
      if (parent.child(name) === undefined) parent.mount(name, new StoredInterior({ permanent: true, access: ['Get'] }));
      const next = parent.child(name);
      if (!(next instanceof StoredInterior)) throw new PosternError('tree.not-allowed', { command: 'Add', uri });
      parent = next;
    }
    const name = path.at(-1);
    if (name === undefined) throw new PosternError('tree.not-allowed', { command: 'Add', uri });
    parent.mount(name, node);
    this.#used += weigh(name, node);
  }

  /** A leaf's value for this program itself, whatever its ACL; undefined where there is none. */
  read(uri: string): string | undefined {
    const node = this.find(parsePath(uri));
    return node?.kind === 'leaf' ? node.read() : undefined;
  }

  /** Gives an existing leaf a value for this program itself. @throws PosternError `tree.not-found`, `tree.full` */
  set(uri: string, value: string): void {
    const path = parsePath(uri, this.limits);
    const node = this.find(path);
    if (node?.kind !== 'leaf') throw new PosternError('tree.not-found', { uri });
    this.write(path, { format: node.format, type: node.type, value });
  }

  find(path: NodePath): TreeNode | undefined {
    const { chain, missing } = this.locate(path);
    return missing.length === 0 ? chain.at(-1) : undefined;
  }

  locate(path: NodePath): Located {
    const chain: [TreeNode, ...TreeNode[]] = [this.root];
    for (const name of path) {
      const last = chain[chain.length - 1];
      const next = last?.kind === 'interior' ? last.child(name) : undefined;
      if (next === undefined) break;
      chain.push(next);
    }
    return { path, chain, missing: path.slice(chain.length - 1) };
  }

  /** The ACL of the node itself, empty where it inherits. */
  ownAcl(path: NodePath, node: TreeNode): Acl {
    return this.#acls.get(formatPath(path)) ?? node.acl ?? emptyAcl;
  }

  /** The ACL that holds for the node at this depth of the chain, the deepest without it. */
  effectiveAcl({ path, chain }: Located, depth = chain.length - 1): Acl {
    return inheritAcl(chain.slice(0, depth + 1).map((node, at) => this.ownAcl(path.slice(0, at), node)));
  }

  /** The ACL that holds for a node whose parent's is known: cheaper than effectiveAcl on the way down. */
  aclBelow(path: NodePath, node: TreeNode, inherited: Acl): Acl {
    return inheritAcl([inherited, this.ownAcl(path, node)]);
  }

  /** The nodes below this one that have an ACL of their own. */
  aclsBelow(path: NodePath): NodePath[] {
    const base = `${formatPath(path)}/`;
    return [...this.#acls.keys()].filter((uri) => uri.startsWith(base)).map((uri) => parsePath(uri));
  }

  setAcl(path: NodePath, acl: Acl): Undo {
    const key = formatPath(path);
    const before = this.#acls.get(key);
    this.#acls.set(key, acl);
    return () => {
      if (before === undefined) this.#acls.delete(key);
      else this.#acls.set(key, before);
    };
  }

  /** Forgets a DM server everywhere in the ACLs. @see OMA DM TND 1.2 § 7.7.1 */
  removeServer(serverId: string): void {
    this.setAcl([], rootWithoutServer(this.ownAcl([], this.root), serverId));
    for (const [uri, acl] of this.#acls) {
      if (uri !== '.') this.#acls.set(uri, withoutServer(acl, serverId));
    }
  }

  /** Makes one node under a parent that exists. @throws PosternError `tree.not-allowed`, `tree.unsupported-format`, `tree.full`, `tree.uri-too-long` */
  add(path: NodePath, addition: Addition): Undo {
    checkPath(path, this.limits);
    const { parent, name } = this.#parentOf(path, 'Add');
    const add = parent.add?.bind(parent) ?? refuse('Add', path);
    const content = this.#define(path, addition);
    const weight = nodeCost + name.length + (content.kind === 'leaf' ? content.value.length : 0);
    return changeAll([() => this.#reserve(weight), () => add(name, content), () => this.#touch(parent)]);
  }

  /** Takes a node away with all below it, and their ACLs. @throws PosternError `tree.not-allowed` */
  remove(path: NodePath): Undo {
    const { parent, name, node } = this.#parentOf(path, 'Delete');
    const remove = parent.remove?.bind(parent) ?? refuse('Delete', path);
    const weight = node === undefined ? 0 : weigh(name, node);
    return changeAll([() => this.#reserve(-weight), () => this.#moveAcls(path, undefined), () => remove(name), () => this.#touch(parent)]);
  }

  /** Gives a node another name; its ACLs follow. @throws PosternError `tree.not-allowed`, `tree.exists`, `tree.uri-too-long` */
  rename(path: NodePath, to: string): Undo {
    const { parent, name, node } = this.#parentOf(path, 'Replace');
    const moved = [...path.slice(0, -1), to];
    checkPath(moved, this.limits);
    if (parent.child(to) !== undefined) throw new PosternError('tree.exists', { uri: formatPath(moved) });
    const rename = parent.rename?.bind(parent) ?? refuse('Replace', path);
    return changeAll([
      () => this.#moveAcls(path, moved),
      () => rename(name, to),
      () => (node === undefined ? noChange : this.#touch(node)),
    ]);
  }

  /** Gives a leaf its value. @throws PosternError `tree.not-found`, `tree.not-allowed`, `tree.full`, or what a provided node says */
  write(path: NodePath, content: LeafContent): Undo {
    const node = this.find(path);
    if (node?.kind !== 'leaf') throw new PosternError('tree.not-found', { uri: formatPath(path) });
    const write = node.write?.bind(node) ?? refuse('Replace', path);
    const growth = node instanceof StoredLeaf ? content.value.length - node.read().length : 0;
    return changeAll([() => this.#reserve(growth), () => write(content), () => this.#touch(node)]);
  }

  #parentOf(path: NodePath, command: string): { parent: InteriorNode; name: string; node: TreeNode | undefined } {
    const name = path.at(-1);
    const parent = this.find(path.slice(0, -1));
    if (name === undefined || parent?.kind !== 'interior') {
      return refuse(command, path);
    }
    return { parent, name, node: parent.child(name) };
  }

  /** Access, permanence and type of a new node from the object that it becomes part of. */
  #define(path: NodePath, addition: Addition): NewNode {
    const typed = this.#withHeldType(path, addition);
    const found = this.#rowFor(path);
    if (found === 'open') return openNode(typed);
    const { access, permanent, format, type } = found;
    const isLeaf = typed.kind === 'leaf';
    if (isLeaf ? typed.format !== format : format !== 'node') {
      throw new PosternError('tree.unsupported-format', { format: isLeaf ? typed.format : 'node', uri: formatPath(path) });
    }
    return isLeaf
      ? { ...typed, access, permanent, fixed: true, type: type ?? typed.type }
      : { kind: 'interior', access, permanent, type: typed.type };
  }

  #rowFor(path: NodePath) {
    const { chain } = this.locate(path);
    for (let depth = chain.length - 1; depth >= 0; depth--) {
      const definition = this.#objectOf(chain[depth]);
      if (definition === undefined) continue;
      const row = findRow(definition, path.slice(depth));
      if (row === undefined) return refuse('Add', path);
      return row;
    }
    return 'open';
  }

  /** What stands directly under a node that holds one kind of object is such an object, whatever the server calls it. */
  #withHeldType(path: NodePath, addition: Addition): Addition {
    const parent = this.find(path.slice(0, -1));
    const holds = parent?.kind === 'interior' ? parent.holds : undefined;
    if (holds === undefined) return addition;
    if (addition.kind === 'leaf') return refuse('Add', path);
    const held = this.#objects.find((definition) => definition.urn === holds);
    const isThat = addition.type === '' || addition.type === holds || (held !== undefined && isTypeOf(held, addition.type));
    if (!isThat) throw new PosternError('tree.unsupported-format', { format: addition.type, uri: formatPath(path) });
    return { kind: 'interior', type: holds };
  }

  #objectOf(node: TreeNode | undefined): ObjectDefinition | undefined {
    if (node?.kind !== 'interior' || node.type === '') return undefined;
    return this.#objects.find((definition) => isTypeOf(definition, node.type));
  }

  #reserve(amount: number): Undo {
    if (amount > 0 && this.#used + amount > this.#capacity) throw new PosternError('tree.full', { capacity: this.#capacity });
    this.#used += amount;
    return () => {
      this.#used -= amount;
    };
  }

  #touch(node: TreeNode): Undo {
    return (this.#now && node.touch?.(this.#now())) ?? noChange;
  }

  /** ACLs of a subtree go with it: to its new place, or away. */
  #moveAcls(from: NodePath, to: NodePath | undefined): Undo {
    const before = this.#acls;
    const base = formatPath(from);
    const moved = [...before].flatMap(([uri, acl]): [string, Acl][] => {
      if (uri !== base && !uri.startsWith(`${base}/`)) return [[uri, acl]];
      return to === undefined ? [] : [[formatPath(to) + uri.slice(base.length), acl]];
    });
    this.#acls = new Map(moved);
    return () => {
      this.#acls = before;
    };
  }
}

/** What nothing describes is the server's own. */
function openNode(addition: Addition): NewNode {
  const traits = { access: dynamicAccess, permanent: false };
  return addition.kind === 'leaf' ? { ...addition, ...traits, fixed: false } : { ...addition, ...traits };
}

function refuse(command: string, path: NodePath): never {
  throw new PosternError('tree.not-allowed', { command, uri: formatPath(path) });
}

/** What a node and all below it take of the capacity; provided ones take nothing. */
function weigh(name: string, node: TreeNode): number {
  if (node instanceof StoredInterior) {
    let weight = nodeCost + name.length;
    for (const child of node.children()) weight += weigh(child, node.child(child) as TreeNode);
    return weight;
  }
  return node instanceof StoredLeaf ? nodeCost + name.length + node.read().length : 0;
}
