import { type ReceivedNotification, verifyNotification } from '#src/dm/notification/index.js';
import type { Account } from '../ports.js';

export const triggerRefusals = [
  'malformed',
  'unknown-target',
  'unknown-server',
  'no-secret',
  'not-proved',
  'used',
  'too-many',
  /** To be relayed, but nothing leads to the device. */
  'no-way',
  /** To be relayed, but more than may be. */
  'too-often',
] as const;
/** Why a trigger leads to nothing. Whoever sent it never learns. */
export type TriggerRefusal = (typeof triggerRefusals)[number];

export type TriggerVerdict =
  | { readonly kind: 'accepted' }
  /** The same is pending already. */
  | { readonly kind: 'joined' }
  /** It has gone on to a transparent device, proved by nobody. */
  | { readonly kind: 'relayed' }
  | { readonly kind: 'refused'; readonly why: TriggerRefusal };

/** What is known when a trigger comes. */
export interface TriggerSituation {
  /** The target's, at the server that the trigger names. */
  readonly account: Account | undefined;
  /** Base64; the server's next one. Empty where the two have never agreed on any. */
  readonly nonce: string;
  readonly state: 'pending' | 'used' | undefined;
  /** Whether no more can wait. */
  readonly isFull: boolean;
}

/**
 * Whether a trigger is to have a session. Nothing but the digest says that its server has sent it.
 * @see OMA DM Notification 1.2 § 5.2
 */
export function judgeTrigger(received: ReceivedNotification, { account, nonce, state, isFull }: TriggerSituation): TriggerVerdict {
  if (account === undefined) return refused('unknown-server');
  const { serverId, serverSecret } = account;
  if (serverSecret === undefined) return refused('no-secret');
  if (!verifyNotification(received, { serverId, secret: serverSecret }, nonce)) return refused('not-proved');
  if (state === 'pending') return { kind: 'joined' };
  if (state === 'used') return refused('used');
  return isFull ? refused('too-many') : { kind: 'accepted' };
}

function refused(why: TriggerRefusal): TriggerVerdict {
  return { kind: 'refused', why };
}
