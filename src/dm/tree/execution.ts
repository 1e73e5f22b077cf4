import type { DecodeLimits, Item, Meta, NodeCommand } from '#src/dm/syncml/index.js';
import type { ManagementTree } from './management-tree.js';
import type { Undo } from './node.js';
import type { ResultRoom } from './result-room.js';

/** On whose behalf commands run, and within which bounds. */
export interface ExecutionContext {
  /** As the session has authenticated it. */
  readonly serverId: string;
  /** Bytes of the largest object that we take. */
  readonly maxObjSize?: number;
  /** Bytes of the largest object that the server takes. */
  readonly serverMaxObjSize?: number;
  /** Nodes in one answer to `?list=`; 10 000 where nothing is said. */
  readonly maxListedNodes?: number;
  /** What the Results of all these commands may come to; 4 MiB where nothing is said. */
  readonly room?: ResultRoom;
  /** For serialised trees in Data. */
  readonly decodeLimits?: DecodeLimits;
}

/** One Item of a command on its way through the tree. */
export interface ItemTask {
  readonly tree: ManagementTree;
  readonly context: ExecutionContext;
  readonly command: NodeCommand;
  readonly item: Item;
  /** The Item's own, or the command's. */
  readonly meta: Meta;
}

/** What came of one Item. */
export interface ItemOutcome {
  readonly status: number;
  /** Each becomes a Results of its own, so that a session can spread them over messages. */
  readonly results?: readonly Item[];
  /** Status/Item/Data. */
  readonly data?: string;
  readonly undo?: Undo;
}
