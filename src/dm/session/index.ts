export { type Composed, type Composition, compose, isEmpty, nothingOutgoing, type Outgoing } from './compose.js';
export { type Assembly, receiveChunk } from './large-object.js';
export {
  alertCode,
  commandStatus,
  headerStatus,
  isHeaderStatus,
  type Leg,
  type Party,
  readHeader,
  type Sizes,
  sessionAlert,
} from './leg.js';
export type { NonceFor } from './nonce.js';
export { isBlock, partOf, type Sent, withMembers } from './number-commands.js';
export { nextCred, type OwnAuth, ownAuth, readHeaderStatus } from './own-auth.js';
export { checkPeer, type PeerAuth, type PeerVerdict, peerAuth } from './peer-auth.js';
export { statusCodes, statusMeaning } from './status-codes.js';
export { type EndReason, needsStatus, type SessionEffect } from './turn.js';
