import { type LoginLimit, type Milliseconds, retryAfter } from '#src/base/index.js';
import { verifyCred } from '#src/dm/auth/index.js';
import type { SyncMLMessage } from '#src/dm/syncml/index.js';
import type { Environment } from '../environment.js';
import type { SouthCredentials } from '../ports.js';
import type { DmResponse } from '../wire.js';
import { countLogin } from './login-counts.js';

/** A message of somebody who has not proved themselves yet. */
export interface UnprovedMessage {
  readonly message: SyncMLMessage;
  readonly address: string;
  /** What is asked of them; of a stranger what nobody has. */
  readonly south: SouthCredentials;
  /** The nonce that the device got when it last proved itself; absent within a session that has challenged it. */
  readonly nonce?: string | undefined;
}

/** What wrong credentials cost at the southern endpoint. A message without credentials is no guess: it is challenged at any time. */
export class SouthLogins {
  readonly #env: Environment;
  readonly #limit: LoginLimit;

  constructor(env: Environment, limit: LoginLimit) {
    this.#env = env;
    this.#limit = limit;
  }

  /**
   * How long the message is not looked at; 0: it is. MD5 with the nonce that this device alone was given is no guess either, so that nobody
   * can keep a device out by guessing, wherever the two are.
   */
  wait(unproved: UnprovedMessage): Milliseconds {
    if (unproved.message.SyncHdr.Cred === undefined) return 0;
    const wait = this.#limit.wait(attemptOf(unproved));
    return wait > 0 && this.#isBeyondGuessing(unproved) ? 0 : wait;
  }

  /**
   * Nothing of the message was judged, so nothing is said about it: a Status 401 would tell a device with the right credentials that they are wrong,
   * and make others guess on.
   * @see OMA DM HTTP Binding 1.2 § 6 (errors of the transport are HTTP's), RFC 9110 § 15.6.4
   */
  refuse(wait: Milliseconds): DmResponse {
    countLogin(this.#env, 'south', 'delayed');
    return { status: 503, headers: { 'Retry-After': retryAfter(wait) }, close: true };
  }

  /** @param exists whether the device is one of ours */
  judged(unproved: UnprovedMessage, { proved, exists }: { readonly proved: boolean; readonly exists: boolean }): void {
    const attempt = attemptOf(unproved);
    if (proved) return this.#limit.succeeded(attempt);
    if (unproved.message.SyncHdr.Cred === undefined) return;
    countLogin(this.#env, 'south', 'unproved');
    this.#limit.failed(attempt, exists);
  }

  #isBeyondGuessing({ message, south, nonce = this.#env.entropy.nonce() }: UnprovedMessage): boolean {
    const { Cred } = message.SyncHdr;
    const identity = { userName: south.userName, secret: south.clientSecret };
    return south.scheme === 'md5' && Cred !== undefined && verifyCred(Cred, 'md5', identity, nonce);
  }
}

function attemptOf({ message, address }: UnprovedMessage) {
  return { address, account: message.SyncHdr.Source.LocURI };
}
