import type { AccessType, Acl } from './acl.js';
import type { NodeFormat } from './format.js';

/** Takes back one change, exactly. @throws PosternError where that is not possible */
export type Undo = () => void;

interface Traits {
  /** A MIME type on leaves; on interior nodes the identifier of the management object that begins here, or nothing. */
  readonly type: string;
  /** The commands that the node's definition allows, whatever its ACL says. */
  readonly access: readonly AccessType[];
  /** A permanent node cannot be deleted or renamed. */
  readonly permanent: boolean;
  /** At most 255 bytes; undefined: the node does not keep one. */
  readonly title?: string;
  /** Milliseconds since 1970 of the last change. */
  readonly timestamp?: number;
  /** 16 bits, wraps. */
  readonly version?: number;
  /** The ACL it begins with; the tree keeps what servers set. */
  readonly acl?: Acl;
  setTitle?(title: string): Undo;
  /** Notes a change of its value or children: TStamp and VerNo. */
  touch?(at: number): Undo;
  /** Does what the node stands for; the status, later where it takes time. 202: accepted, an alert follows. */
  exec?(value: string, context: ExecContext): ExecOutcome | Promise<ExecOutcome>;
}

/** A node that holds a value. */
export interface LeafNode extends Traits {
  readonly kind: 'leaf';
  readonly format: Exclude<NodeFormat, 'node'>;
  /** Its format and type are its definition's and no server changes them. */
  readonly fixed: boolean;
  /** Stored or computed; base64 text where the format is bin. */
  read(): string;
  write?(content: LeafContent): Undo;
}

/** A node that holds nodes. Children are looked up, never assumed to be in memory. */
export interface InteriorNode extends Traits {
  readonly kind: 'interior';
  readonly format: 'node';
  /** The management object that each child is: its definition then holds for what servers add. */
  readonly holds?: string;
  children(): Iterable<string>;
  child(name: string): TreeNode | undefined;
  add?(name: string, content: NewNode): Undo;
  remove?(name: string): Undo;
  rename?(from: string, to: string): Undo;
}

/** A node of a management tree, in memory or provided through functions. @see OMA DM TND 1.2 § 6 */
export type TreeNode = LeafNode | InteriorNode;

/** A leaf's value with what describes it. */
export interface LeafContent {
  readonly format: Exclude<NodeFormat, 'node'>;
  readonly type: string;
  readonly value: string;
}

/** What a definition, or nothing, says about a node that is being made. */
interface NewTraits {
  readonly access: readonly AccessType[];
  readonly permanent: boolean;
}
export interface NewLeaf extends NewTraits, LeafContent {
  readonly kind: 'leaf';
  readonly fixed: boolean;
}
export interface NewInterior extends NewTraits {
  readonly kind: 'interior';
  readonly type: string;
}
export type NewNode = NewLeaf | NewInterior;

/** Who executes a node and on whose behalf. */
export interface ExecContext {
  readonly serverId: string;
  /** Canonical. */
  readonly uri: string;
  /** To be repeated in the alert that reports the end. */
  readonly correlator?: string;
}

/** A SyncML status, alone or with a text for Status/Item/Data. */
export type ExecOutcome = number | { readonly status: number; readonly data: string };
