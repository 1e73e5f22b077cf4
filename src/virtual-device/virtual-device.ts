import { PosternError } from '#src/base/index.js';
import { alertCode } from '#src/dm/session/index.js';
import { canonicalUri, fitsFormat, parsePath } from '#src/dm/tree/index.js';
import { addressOf, findAccount } from './account.js';
import { digestOf, type Patience, post } from './delivery.js';
import { type Beginning, DeviceMemory } from './device-memory.js';
import { DeviceSession } from './device-session.js';
import type { DeviceEnvironment } from './environment.js';
import type { SessionEvent, TriggerCarrier } from './events.js';
import { judgeTrigger } from './trigger.js';

/** A report to a DM server: a Generic Alert. @see OMA DM Protocol 1.2 § 8.7 */
export interface Report {
  /** For instance `urn:oma:at:x-example:button:1.0`. */
  readonly type: string;
  readonly data: string;
  /** `chr` unless set. */
  readonly format?: string;
  /** Of the Exec that it answers. */
  readonly correlator?: string;
  /** The node that it is about. */
  readonly source?: string;
}

/** An OMA DM device in software: a management tree and a client that keeps to the protocol, also when the network does not. */
export class VirtualDevice {
  readonly #env: DeviceEnvironment;
  readonly #memory: DeviceMemory;
  readonly #stopping = new AbortController();
  readonly #stopped = new AbortController();
  #busy = false;
  /** The trigger that had its session last; in memory only, for a restart may well begin anew. */
  #answered: string | undefined;

  /**
   * Begins, or goes on where the state says, and tells that it is ready.
   * @throws PosternError `device.*`, `objects.invalid-account`, `tree.invalid-*`, `syncml.*` for a bootstrap or state that cannot be used
   */
  constructor(env: DeviceEnvironment, beginning: Beginning = {}) {
    this.#env = env;
    this.#memory = new DeviceMemory(env, beginning);
    const account = findAccount(this.#memory.tree);
    const address = addressOf(account);
    if (address.startsWith('http:')) {
      env.tell({ event: 'warning', message: `${address} is plain http: whoever listens can read what is said, a basic password too` });
    }
    env.tell({ event: 'ready', id: this.#memory.id, serverId: account.serverId, address });
  }

  get id(): string {
    return this.#memory.id;
  }

  /** Reports that no server has taken yet. */
  get waiting(): readonly string[] {
    return this.#memory.alerts.map(({ ref }) => ref);
  }

  /** Opens a session (alert 1201) and sees it to its end. One at a time. @throws PosternError `device.*`, `objects.invalid-account` */
  runSession(): Promise<SessionEvent> {
    return this.#open();
  }

  /** Whether a trigger is its server's, and has not had its session; what is ignored is told. */
  heeds(trigger: Uint8Array, by: TriggerCarrier): boolean {
    const verdict = judgeTrigger(trigger, findAccount(this.#memory.tree), this.#answered);
    if (verdict.kind === 'ignored') this.#env.tell({ event: 'trigger', by, ok: false, why: verdict.why });
    return verdict.kind === 'proved';
  }

  /** Opens the session that a trigger asks for (alert 1200, its SessionID), unless it is to be ignored. @throws PosternError as {@link runSession} */
  async answerTrigger(trigger: Uint8Array, by: TriggerCarrier): Promise<SessionEvent | undefined> {
    const verdict = judgeTrigger(trigger, findAccount(this.#memory.tree), this.#answered);
    if (verdict.kind === 'ignored') {
      this.#env.tell({ event: 'trigger', by, ok: false, why: verdict.why });
      return undefined;
    }
    this.#answered = verdict.key;
    this.#env.tell({ event: 'trigger', by, ok: true, sessionId: verdict.sessionId });
    return this.#open(verdict.sessionId);
  }

  /** Where its server is, and what it shows there. */
  access(): { readonly address: string; readonly userName: string; readonly password: string } {
    const account = findAccount(this.#memory.tree);
    const { name = '', secret = '' } = account.client ?? {};
    return { address: addressOf(account), userName: name === '' ? this.id : name, password: secret };
  }

  /** Puts a report into package 1 of every session until a server has taken it. Returns its name. @throws PosternError `device.order` */
  report({ type, data, format = 'chr', correlator, source }: Report): string {
    const { maxAlerts } = this.#env.settings;
    if (this.#memory.alerts.length >= maxAlerts) throw new PosternError('device.order', { what: `${maxAlerts} reports wait already.` });
    const ref = this.#memory.queueAlert({
      ...(correlator === undefined ? {} : { Correlator: correlator }),
      Data: alertCode.generic,
      Item: [{ ...(source === undefined ? {} : { Source: { LocURI: source } }), Meta: { Format: format, Type: type }, Data: data }],
    });
    this.#memory.commit();
    return ref;
  }

  /** A leaf's value, or the names below an interior node with `/` between. @throws PosternError `device.order`, `tree.*` */
  read(uri: string): string {
    const node = this.#memory.tree.find(parsePath(uri));
    if (node === undefined) throw new PosternError('tree.not-found', { uri });
    if (!node.access.includes('Get')) throw new PosternError('device.order', { what: `${uri} is a secret.` });
    const value = node.kind === 'leaf' ? node.read() : [...node.children()].join('/');
    this.#env.tell({ event: 'value', uri, value });
    return value;
  }

  /** Gives a leaf a value, as a person at the device would. @throws PosternError `tree.*` */
  set(uri: string, value: string): void {
    const { tree } = this.#memory;
    const node = tree.find(parsePath(uri));
    if (node?.kind === 'leaf' && !fitsFormat(value, node.format)) {
      throw new PosternError('tree.invalid-value', { uri, format: node.format });
    }
    tree.set(canonicalUri(uri), value);
    this.#memory.commit();
  }

  /** Posts the last message of the last session once more. @throws PosternError `device.order` where there is none, `wire.*` */
  repeatLast(): Promise<{ status: number; identical: boolean }> {
    return this.#alone(async () => {
      const { last } = this.#memory;
      if (last === undefined) throw new PosternError('device.order', { what: 'There was no message yet.' });
      const client = this.#env.clients.session();
      try {
        const reply = await post(this.#env, client, last, this.#patience);
        const answered = { status: reply.status, identical: digestOf(reply.body) === last.answer };
        this.#env.tell({ event: 'repeated', ...answered });
        return answered;
      } finally {
        client.close();
      }
    });
  }

  /** Ends a session under way with 1223 after its present message, and soon in any case. Resolved sessions stay as they are. */
  stop(): void {
    this.#stopping.abort();
    if (this.#busy) this.#env.clock.timer('stop grace', this.#env.settings.stopGrace, () => this.#stopped.abort());
  }

  get #patience(): Patience {
    return { stopping: this.#stopping.signal, stopped: this.#stopped.signal };
  }

  #open(asked?: string): Promise<SessionEvent> {
    return this.#alone(() => new DeviceSession(this.#env, this.#memory, { ...this.#patience, asked }).run());
  }

  async #alone<T>(work: () => Promise<T>): Promise<T> {
    if (this.#busy) throw new PosternError('device.order', { what: 'A session is under way; wait for its end.' });
    this.#busy = true;
    try {
      return await work();
    } finally {
      this.#busy = false;
    }
  }
}
