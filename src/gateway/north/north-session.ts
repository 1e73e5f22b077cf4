import { isPosternError, type Milliseconds } from '#src/base/index.js';
import { type ClientAlert, type ClientEffect, type ClientInput, type ClientState, newClient, stepClient } from '#src/dm/client/index.js';
import { type EndReason, isEmpty, nothingOutgoing, ownAuth, peerAuth } from '#src/dm/session/index.js';
import { acceptedTypes, codecFor, codecOf, type Item, type Reply, type ServerCommand, type SyncMLMessage } from '#src/dm/syncml/index.js';
import type { Environment } from '../environment.js';
import type { Account } from '../ports.js';
import type { SessionMeter } from '../sessions/session-meter.js';
import type { DmClient, DmReply } from '../wire.js';
import { parseRetryAfter } from './retry-after.js';
import type { Reach } from './server-outages.js';

/** What a DM server wants next, or how its session ended. */
export type NorthTurn =
  | { readonly kind: 'commands'; readonly commands: readonly ServerCommand[] }
  | {
      readonly kind: 'end';
      readonly reason: EndReason;
      readonly status?: string;
      readonly detail?: string;
      /** Whether the server has proved who it is; `not-shown`: it asked for nothing, and so could not be asked for proof. */
      readonly proof?: 'given' | 'wrong' | 'not-shown';
    };

/** How a session with a DM server ended. */
export type NorthEnd = Extract<NorthTurn, { kind: 'end' }>;

export interface NorthOpening {
  /** 1200: the server asked for it by a trigger with this session id; 1201: our own wish. */
  readonly code: '1200' | '1201';
  readonly sessionId?: string;
  readonly devInfo: readonly Item[];
  readonly alerts: readonly ClientAlert[];
}

export interface NorthParty {
  /** The DevId in whose name we speak. */
  readonly devId: string;
  /** The largest object that it can take, in bytes. */
  readonly maxObjSize: number;
  /** Hears each Status for an alert. */
  readonly onAlertStatus: (ref: string, status: string) => void;
}

/** Messages of a server, one after the other, that neither ask for anything nor bring a piece of an object, nor take one. */
const mostIdle = 20;
/** Messages that bring pieces of an object which is not whole; further ones for one that is large. */
const mostPieces = 100;
const leastPiece = 512;

/** A session with a DM server, as a client: the machine with its connection, its nonces and its clock. */
export class NorthSession {
  readonly #env: Environment;
  readonly #account: Account;
  readonly #party: NorthParty;
  readonly #meter: SessionMeter;
  readonly #leg: string;
  #state: ClientState | undefined;
  #client: DmClient | undefined;
  /** Turns whose writes the store had lost when the session began. */
  #losses = 0;
  #outcome: EndReason | undefined;
  #reach: Reach | undefined;
  #closed = false;

  constructor(env: Environment, account: Account, party: NorthParty, meter: SessionMeter) {
    this.#env = env;
    this.#account = account;
    this.#party = party;
    this.#meter = meter;
    this.#leg = `north/${account.owner}/${account.serverId}`;
  }

  /** Sends package 1. Never rejects for what the server or the network does: that is an `end`. */
  open(opening: NorthOpening): Promise<NorthTurn> {
    this.#losses = this.#env.store.losses;
    this.#state = this.#begin(opening.sessionId ?? freshSessionId(this.#env));
    this.#client = this.#env.clients.session();
    return this.#run({ kind: 'open', code: opening.code, devInfo: opening.devInfo, alerts: opening.alerts });
  }

  /** Sends what became of the commands of the last turn, with new alerts. */
  answer(replies: readonly Reply[], alerts: readonly ClientAlert[] = []): Promise<NorthTurn> {
    return this.#run({ kind: 'executed', replies, alerts });
  }

  /** Sends the statuses that there are and ends the session with 1223. */
  abort(replies: readonly Reply[] = []): Promise<NorthTurn> {
    return this.#run({ kind: 'executed', replies, abort: true });
  }

  /** Whether the server has had its session: it has proved itself, or has ended without asking for anything. */
  get isHeld(): boolean {
    return this.#outcome === 'complete' || (this.#state?.serverAuth.policy !== undefined && this.#state.serverAuth.accepted);
  }

  /** How it ended; one that was left in the middle counts as aborted. */
  get outcome(): EndReason {
    return this.#outcome ?? 'aborted';
  }

  /** What its last exchange says of the server; undefined: nothing, as when it refused the message, or we were stopped. */
  get reach(): Reach | undefined {
    return this.#reach;
  }

  /** Lets go of the connection. */
  close(): void {
    this.#closed = true;
    this.#client?.close();
  }

  #begin(sessionId: string): ClientState {
    const account = this.#account;
    const { nonces } = this.#env.store;
    this.#meter.begin(sessionId);
    const serverSecret = account.serverSecret;
    const policy = serverSecret && { scheme: account.scheme, identity: { userName: account.serverId, secret: serverSecret } };
    const identity = { userName: account.userName, secret: account.clientSecret };
    const { offer } = this.#env.settings;
    return newClient({
      sessionId,
      own: { uri: this.#party.devId, name: account.userName },
      server: { uri: account.address },
      offer: { maxMsgSize: offer.maxMsgSize, maxObjSize: Math.min(offer.maxObjSize, this.#party.maxObjSize) },
      ownAuth: ownAuth(account.scheme, identity, nonces.get(this.#leg, 'client')),
      serverAuth: peerAuth(policy, nonces.get(this.#leg, 'server')),
      encode: (message) => codecOf[account.encoding].encode(message),
    });
  }

  async #run(input: ClientInput): Promise<NorthTurn> {
    const patience = { idle: 0, pieces: 0 };
    for (let next: ClientInput | undefined = input; next !== undefined; ) {
      const effects = this.#step(next);
      const turn = effects.find((effect) => effect.kind === 'execute' || effect.kind === 'end');
      const send = effects.find((effect) => effect.kind === 'send');
      next = send === undefined ? undefined : await this.#exchange(send, turn?.kind === 'end');
      if (turn !== undefined) return this.#turn(turn);
      if (this.#isIdle(patience)) next = { kind: 'silence', detail: 'the server neither asks for anything nor ends its session' };
    }
    throw new Error('a client step neither sent, asked nor ended');
  }

  /** A server that always has something to say would keep the device from its other servers. */
  #isIdle(patience: { idle: number; pieces: number }): boolean {
    const { outgoing = nothingOutgoing, assembly } = this.#state ?? {};
    if (!isEmpty(outgoing)) return false;
    if (assembly === undefined) patience.idle += 1;
    else patience.pieces += 1;
    return patience.idle > mostIdle || patience.pieces > mostPieces + this.#env.settings.offer.maxObjSize / leastPiece;
  }

  #step(input: ClientInput): readonly ClientEffect[] {
    if (this.#state === undefined) throw new Error('the session is not open');
    const { state, effects } = stepClient(this.#state, input);
    this.#state = state;
    if (state.ownAuth?.established === true || state.phase === 'executing') this.#meter.authenticated();
    for (const effect of effects) {
      if (effect.kind === 'store-nonce') this.#env.store.nonces.put(this.#leg, effect.whose, effect.nonce);
      if (effect.kind === 'alert-status') this.#party.onAlertStatus(effect.ref, effect.status);
    }
    return effects;
  }

  #turn(effect: Extract<ClientEffect, { kind: 'execute' | 'end' }>): NorthTurn {
    if (effect.kind === 'execute') return { kind: 'commands', commands: effect.commands };
    this.#outcome = effect.reason;
    this.close();
    return { ...effect, proof: this.#proof() };
  }

  #proof(): 'given' | 'wrong' | 'not-shown' {
    const auth = this.#state?.serverAuth;
    if (auth === undefined || auth.accepted) return 'given';
    return auth.failures > 0 ? 'wrong' : 'not-shown';
  }

  /** Posts one message and turns whatever comes back into the next input. */
  async #exchange(send: Extract<ClientEffect, { kind: 'send' }>, last: boolean): Promise<ClientInput> {
    await this.#env.store.committed();
    // What this message acknowledges may have been written a while ago, and another session heard of its loss.
    if (this.#env.store.losses !== this.#losses) return { kind: 'silence', detail: 'what was to be acknowledged could not be kept' };
    const url = send.to ?? this.#account.address;
    const refusal = this.#refusePlain() ?? this.#refuseTarget(url);
    if (refusal !== undefined) return { kind: 'silence', detail: refusal };
    try {
      return await this.#post(url, send.bytes, last);
    } catch (error) {
      if (!isPosternError(error)) throw error;
      if (error.code.startsWith('wire.') && !this.#closed) this.#reach = { answered: false, detail: error.message };
      return { kind: 'silence', detail: error.message };
    }
  }

  async #post(url: string, body: Uint8Array, last: boolean): Promise<ClientInput> {
    const contentType = `${codecOf[this.#account.encoding].contentType}; charset=UTF-8`;
    const timeout = this.#env.settings.answerTimeout;
    const reply = await this.#client?.post({ url, contentType, accept: acceptedTypes, body, timeout });
    if (reply === undefined) throw new Error('the session is not open');
    this.#meter.count(body.length, reply.body.length);
    this.#reach = reachOf(reply, this.#env.clock.now());
    if (last) return { kind: 'silence' };
    if (reply.status !== 200) return { kind: 'silence', detail: `the server answered HTTP ${reply.status}` };
    const codec = codecFor(reply.contentType);
    if (codec === undefined) return { kind: 'silence', detail: `the server answered with ${reply.contentType ?? 'no Content-Type'}` };
    const message: SyncMLMessage = codec.decode(reply.body, this.#env.settings.decode);
    return { kind: 'message', message, fresh: this.#env.entropy.nonce() };
  }

  /** Credentials travel over plain http only where the account says so. */
  #refusePlain(): string | undefined {
    const { address, allowPlainHttp } = this.#account;
    return allowPlainHttp || !/^http:/i.test(address)
      ? undefined
      : `${address} is plain http, which its account does not allow (allowPlainHttp)`;
  }

  /** A RespURI is followed only to the account's own host or an allow-listed one, and never out of TLS. */
  #refuseTarget(url: string): string | undefined {
    if (url === this.#account.address) return undefined;
    const own = new URL(this.#account.address);
    if (!URL.canParse(url)) return 'the server gave a RespURI that is no URL';
    const target = new URL(url);
    if (target.protocol !== own.protocol) return `the server gave a RespURI with ${target.protocol}`;
    if (target.host === own.host || this.#env.settings.respUriHosts.includes(target.hostname)) return undefined;
    return `the server gave a RespURI at ${target.host}, which is not allowed (north.respUriHosts)`;
  }
}

/** Statuses of 4xx that are about the server and not about the message. */
const later = new Set([408, 429]);

/** A refusal of this one message says nothing of what others would get. */
function reachOf({ status, contentType, headers }: DmReply, now: Milliseconds): Reach | undefined {
  if (status === 200 && codecFor(contentType) !== undefined) return { answered: true };
  if (status >= 400 && status < 500 && !later.has(status)) return undefined;
  const retryAfter = parseRetryAfter(headers['retry-after'], now);
  const detail = status === 200 ? `the server answered with ${contentType ?? 'no Content-Type'}` : `the server answered HTTP ${status}`;
  return { answered: false, detail, ...(retryAfter === undefined ? {} : { retryAfter }) };
}

/** 1 to 4 upper-case hex digits without leading zeros. @see OMA DM Protocol 1.2 § 8.1 */
export function freshSessionId({ entropy }: Pick<Environment, 'entropy'>): string {
  return (1 + entropy.below(0xffff)).toString(16).toUpperCase();
}
