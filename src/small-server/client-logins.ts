import { type Clock, type DmRequest, type DmResponse, type Entropy, LoginLimit, retryAfter } from '#src/base/index.js';
import { verifyCred } from '#src/dm/auth/index.js';
import type { SyncMLMessage } from '#src/dm/syncml/index.js';
import type { ClientRecord } from './ports.js';

/** A message of somebody who has not proved themselves yet. */
export interface UnprovedMessage {
  readonly message: SyncMLMessage;
  readonly request: Pick<DmRequest, 'remoteAddress'>;
}

/** What wrong credentials cost here, as at the gateway's doors. A message without credentials is no guess: it is challenged at any time. */
export class ClientLogins {
  readonly #limit: LoginLimit;
  readonly #entropy: Entropy;

  constructor(clock: Clock, entropy: Entropy) {
    this.#limit = new LoginLimit(clock);
    this.#entropy = entropy;
  }

  /**
   * The answer to credentials that are not looked at now; undefined: they are. MD5 with the nonce that this client alone was given is no guess,
   * so that nobody can keep a client out by guessing.
   * @param known who has the name, with the nonce that it was given last; absent within a session that has challenged it
   */
  refusal(
    unproved: UnprovedMessage,
    known?: { readonly client: ClientRecord | undefined; readonly nonce: string | undefined },
  ): DmResponse | undefined {
    const { Cred } = unproved.message.SyncHdr;
    const wait = Cred === undefined ? 0 : this.#limit.wait(attemptOf(unproved));
    if (wait === 0 || this.#isBeyondGuessing(unproved, known)) return undefined;
    return { status: 503, headers: { 'Retry-After': retryAfter(wait) }, close: true };
  }

  /** @param exists whether the client is one of ours */
  judged(unproved: UnprovedMessage, { proved, exists }: { readonly proved: boolean; readonly exists: boolean }): void {
    if (proved) this.#limit.succeeded(attemptOf(unproved));
    else if (unproved.message.SyncHdr.Cred !== undefined) this.#limit.failed(attemptOf(unproved), exists);
  }

  /** Looked at for strangers too, so that no answer takes longer for somebody whom we know. */
  #isBeyondGuessing({ message }: UnprovedMessage, known: Parameters<ClientLogins['refusal']>[1]): boolean {
    const { Cred, Source } = message.SyncHdr;
    const { client, nonce = this.#entropy.nonce() } = known ?? { client: undefined };
    const stranger = { scheme: 'md5', userName: Source.LocURI, clientSecret: { kind: 'digest', value: this.#entropy.nonce() } } as const;
    const { scheme, userName, clientSecret: secret } = client ?? stranger;
    return scheme === 'md5' && Cred !== undefined && verifyCred(Cred, 'md5', { userName, secret }, nonce);
  }
}

function attemptOf({ message, request }: UnprovedMessage) {
  return { address: request.remoteAddress, account: message.SyncHdr.Source.LocURI };
}
