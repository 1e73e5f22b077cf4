import { PosternError } from '#src/base/index.js';
import { type AccessType, accessTypes } from './acl.js';
import type { InteriorNode, LeafContent, LeafNode, NewNode, TreeNode, Undo } from './node.js';

interface StateTraits {
  readonly name: string;
  readonly access: readonly AccessType[];
  readonly permanent: boolean;
  readonly title: string;
  readonly timestamp?: number;
  readonly version: number;
}
interface LeafState extends StateTraits, LeafContent {
  readonly fixed: boolean;
}
interface InteriorState extends StateTraits {
  readonly format: 'node';
  readonly type: string;
  readonly holds?: string;
  readonly children: readonly NodeState[];
}
/** A stored node as plain JSON. */
export type NodeState = LeafState | InteriorState;

interface StoredOptions {
  readonly access?: readonly AccessType[];
  readonly permanent?: boolean;
  readonly title?: string;
  readonly timestamp?: number | undefined;
  readonly version?: number;
}
export interface StoredLeafOptions extends StoredOptions, Partial<LeafContent> {
  readonly fixed?: boolean;
}
export interface StoredInteriorOptions extends StoredOptions {
  readonly type?: string;
  readonly holds?: string | undefined;
  readonly children?: Iterable<readonly [string, TreeNode]>;
}

/** What servers may do with a node that no definition describes. */
export const dynamicAccess: readonly AccessType[] = accessTypes.filter((type) => type !== 'Exec');

/** What both kinds of stored node keep beside value or children. */
class StoredTraits {
  readonly access: readonly AccessType[];
  readonly permanent: boolean;
  title: string;
  #timestamp: number | undefined;
  #version: number;

  constructor(options: StoredOptions) {
    this.access = options.access ?? dynamicAccess;
    this.permanent = options.permanent ?? false;
    this.title = options.title ?? '';
    this.#timestamp = options.timestamp;
    this.#version = options.version ?? 0;
  }

  get timestamp(): number {
    return this.#timestamp ?? 0;
  }
  get version(): number {
    return this.#version;
  }

  setTitle(title: string): Undo {
    const before = this.title;
    this.title = title;
    return () => {
      this.title = before;
    };
  }

  touch(at: number): Undo {
    const [timestamp, version] = [this.#timestamp, this.#version];
    this.#timestamp = at;
    this.#version = (version + 1) & 0xffff;
    return () => {
      this.#timestamp = timestamp;
      this.#version = version;
    };
  }

  protected traitsState(name: string): StateTraits {
    const { access, permanent, title, version } = this;
    const state = { name, access, permanent, title, version };
    return this.#timestamp === undefined ? state : { ...state, timestamp: this.#timestamp };
  }
}

/** A leaf whose value is in memory. */
export class StoredLeaf extends StoredTraits implements LeafNode {
  readonly kind = 'leaf';
  readonly fixed: boolean;
  #content: LeafContent;

  constructor(options: StoredLeafOptions = {}) {
    super(options);
    this.fixed = options.fixed ?? false;
    this.#content = { format: options.format ?? 'chr', type: options.type ?? 'text/plain', value: options.value ?? '' };
  }

  get format(): LeafContent['format'] {
    return this.#content.format;
  }
  get type(): string {
    return this.#content.type;
  }

  read(): string {
    return this.#content.value;
  }

  write(content: LeafContent): Undo {
    const before = this.#content;
    this.#content = content;
    return () => {
      this.#content = before;
    };
  }

  state(name: string): LeafState {
    return { ...this.traitsState(name), ...this.#content, fixed: this.fixed };
  }
}

/** An interior node whose children are in memory; a provided child is mounted on it and left out of its state. */
export class StoredInterior extends StoredTraits implements InteriorNode {
  readonly kind = 'interior';
  readonly format = 'node';
  readonly type: string;
  readonly holds?: string;
  #children: Map<string, TreeNode>;

  constructor(options: StoredInteriorOptions = {}) {
    super(options);
    this.type = options.type ?? '';
    if (options.holds !== undefined) this.holds = options.holds;
    this.#children = new Map(options.children);
  }

  children(): Iterable<string> {
    return this.#children.keys();
  }

  child(name: string): TreeNode | undefined {
    return this.#children.get(name);
  }

  /** Puts a node there that this program made, stored or provided. */
  mount(name: string, node: TreeNode): void {
    this.#children.set(name, node);
  }

  add(name: string, content: NewNode): Undo {
    this.#children.set(name, content.kind === 'leaf' ? new StoredLeaf(content) : new StoredInterior(content));
    return () => {
      this.#children.delete(name);
    };
  }

  remove(name: string): Undo {
    const before = new Map(this.#children);
    this.#children.delete(name);
    return () => {
      this.#children = before;
    };
  }

  rename(from: string, to: string): Undo {
    const before = this.#children;
    this.#children = new Map([...before].map(([name, node]) => [name === from ? to : name, node]));
    return () => {
      this.#children = before;
    };
  }

  state(name: string): InteriorState {
    const children = [...this.#children].flatMap(([childName, child]) => stateOf(childName, child));
    const state: InteriorState = { ...this.traitsState(name), format: 'node', type: this.type, children };
    return this.holds === undefined ? state : { ...state, holds: this.holds };
  }
}

/** Builds stored nodes from their state. @throws PosternError `tree.invalid-state` where it is none */
export function restoreNode(state: NodeState): StoredLeaf | StoredInterior {
  if (state.format !== 'node') return new StoredLeaf(state);
  if (!Array.isArray(state.children)) throw new PosternError('tree.invalid-state', { node: state.name });
  return new StoredInterior({ ...state, children: state.children.map((child) => [child.name, restoreNode(child)] as const) });
}

function stateOf(name: string, node: TreeNode): NodeState[] {
  return node instanceof StoredLeaf || node instanceof StoredInterior ? [node.state(name)] : [];
}
