export {
  type AccessType,
  type Acl,
  accessTypes,
  formatAcl,
  grants,
  inheritAcl,
  isEmptyAcl,
  parseAcl,
  rootWithoutServer,
  withoutServer,
} from './acl.js';
export { findRow, isTypeOf, type NodeRow, type ObjectDefinition, type Occurrence } from './definition.js';
export { executeCommands } from './execute.js';
export type { ExecutionContext } from './execution.js';
export { fitsFormat, type NodeFormat } from './format.js';
export { type Addition, type Located, ManagementTree, type TreeOptions, type TreeState } from './management-tree.js';
export type { ExecContext, ExecOutcome, InteriorNode, LeafContent, LeafNode, NewNode, TreeNode, Undo } from './node.js';
export { provideChildren, provideInterior, provideLeaf } from './provided-node.js';
export { ResultRoom } from './result-room.js';
export { type NodeState, StoredInterior, StoredLeaf } from './stored-node.js';
export { formatTimestamp } from './timestamp.js';
export { formatTnds, isTndsType, parseTnds, type TndsNode, tndsType } from './tnds.js';
export type { TndsPart } from './tnds-part.js';
export {
  canonicalUri,
  defaultUriLimits,
  formatPath,
  isWithin,
  type NodeAddress,
  type NodePath,
  type NodeQuery,
  type PropertyName,
  parseAddress,
  parsePath,
  type UriLimits,
} from './uri.js';
