import type { BodyCommand, SyncMLMessage } from '../syncml/index.js';
import type { NonceFor } from './nonce.js';

/** Why a session is over. */
export type EndReason =
  /** Both sides said all they had to say. */
  | 'complete'
  /** The peer sent 1223. */
  | 'aborted-by-peer'
  /** We sent 1223. */
  | 'aborted'
  /** The peer did not take our credentials, or us at all. */
  | 'refused-by-peer'
  /** The peer could not prove who it is. */
  | 'peer-not-authenticated'
  /** The peer broke the protocol. */
  | 'protocol'
  /** Nothing came in time, or the connection failed. */
  | 'silence';

/** Effects that both roles have. The order in a step's list is the order to carry them out in. */
export type SessionEffect =
  /** Keep this nonce, durably, before anything is sent. */
  | { readonly kind: 'store-nonce'; readonly whose: NonceFor; readonly nonce: string }
  | { readonly kind: 'send'; readonly bytes: Uint8Array; readonly message: SyncMLMessage; readonly to?: string }
  /** `status` is the peer's status for our header where that ended it; `detail` is for the log. */
  | { readonly kind: 'end'; readonly reason: EndReason; readonly status?: string; readonly detail?: string };

/** Commands of a message that are owed a Status. */
export function needsStatus(command: BodyCommand): boolean {
  return command.name !== 'Status' && command.name !== 'Results';
}
