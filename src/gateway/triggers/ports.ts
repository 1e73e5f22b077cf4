import type { Initiator, UiMode } from '#src/dm/notification/index.js';

/** The way by which a trigger came. */
export type TriggerCarrier = 'mqtt' | 'https' | 'udp';

/** How a device hears that a server wants a session with it: by a datagram to this port, by the broker, or when it asks. */
export type TriggerPolicy = { readonly by: 'udp'; readonly port: number } | { readonly by: 'mqtt' | 'poll' };

/** A device that is being told, and has not come yet. */
export interface DeviceTelling {
  readonly device: string;
  readonly by: TriggerPolicy['by'];
  /** How often it has been told. */
  readonly times: number;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** What makes two triggers the same: a server that hears nothing sends its trigger again. */
export interface TriggerKey {
  /** `gateway`, or the DevId of the device that is asked. */
  readonly owner: string;
  readonly serverId: string;
  /** Base64; the server's, for which the trigger was made. */
  readonly nonce: string;
  /** The SessionID that the server gave. */
  readonly sessionId: string;
}

/** A proved trigger that no session has answered yet. */
export interface PendingTrigger extends TriggerKey {
  readonly uiMode: UiMode;
  readonly initiator: Initiator;
  readonly carrier: TriggerCarrier;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
}

export interface TriggerRepository {
  /** The oldest first. */
  pending(owner?: string, serverId?: string): PendingTrigger[];
  /** How many are pending, for all owners. */
  count(): number;
  /** `used`: a session has answered it, and its nonce was not replaced by that session. */
  state(key: TriggerKey): 'pending' | 'used' | undefined;
  add(trigger: PendingTrigger): void;
  use(key: TriggerKey): void;
  drop(key: TriggerKey): void;
  /** Forgets what was used under any other nonce of this account: nobody can prove such a trigger any more. */
  forgetUsed(owner: string, serverId: string, nonce: string): void;
  /** Drops what is pending since before this time; how many. */
  expire(before: number): number;
}
