import { fullJitter, isPosternError, PosternError, type Timer } from '#src/base/index.js';
import { parseTriggerAddress, type TriggerAddress } from '#src/config/index.js';
import { encodeNotification } from '#src/dm/notification/index.js';
import type { Environment } from './environment.js';

/** Sends one trigger. @throws PosternError `wire.*` when it is known not to have arrived */
export type SendTrigger = (to: TriggerAddress, trigger: Uint8Array) => Promise<void>;

/** What has become of the last trigger of a client since the start. */
export interface TriggerView {
  /** What the session will be known by. */
  readonly sessionId: string;
  /** `answered`: the session came. `given-up`: it did not, and nothing is sent any more. */
  readonly state: 'waiting' | 'answered' | 'given-up';
  readonly sends: number;
  /** Why the last one is known not to have arrived. */
  readonly problem?: string;
}

interface Asked {
  readonly sessionId: string;
  state: TriggerView['state'];
  sends: number;
  problem: string | undefined;
  timer: Timer | undefined;
  readonly waiting: Set<() => void>;
}

/** Waits shorter than this are not worth a second trigger. */
const leastWait = 1_000;

/**
 * Asks clients for sessions: a trigger is sent again until the session comes under its SessionID, a bounded number of times. In
 * memory only: what waits for the client is durable, and the operator can ask again.
 */
export class ClientTriggers {
  readonly #env: Environment;
  readonly #asked = new Map<string, Asked>();
  #stopped = false;

  constructor(env: Environment) {
    this.#env = env;
  }

  /** What was last asked of a client. */
  view(client: string): TriggerView | undefined {
    const asked = this.#asked.get(client);
    if (asked === undefined) return undefined;
    const { sessionId, state, sends, problem } = asked;
    return { sessionId, state, sends, ...(problem === undefined ? {} : { problem }) };
  }

  /** Says why a client cannot be triggered. @throws PosternError `control.no-trigger` */
  requireReach(client: string): void {
    this.#wayTo(client);
  }

  /**
   * Sends a trigger now; where one waits for its session already, that same one. Resolves when it has been sent, or could not be.
   * @throws PosternError `control.no-trigger`
   */
  async ask(client: string): Promise<void> {
    this.#wayTo(client);
    const known = this.#asked.get(client);
    const asked = known?.state === 'waiting' ? known : this.#begin(client);
    asked.timer?.cancel();
    await this.#send(client, asked);
  }

  /** Resolves when the session has come, when it is given up, or when the time is over. */
  ended(client: string, wait: number): Promise<void> {
    const asked = this.#asked.get(client);
    if (asked?.state !== 'waiting' || wait <= 0 || this.#stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        timer.cancel();
        asked.waiting.delete(wake);
        resolve();
      };
      const timer = this.#env.clock.timer('trigger-wait', wait, wake);
      asked.waiting.add(wake);
    });
  }

  /** A client has proved itself in a session under this SessionID. */
  came(client: string, sessionId: string): void {
    const asked = this.#asked.get(client);
    if (asked?.sessionId === sessionId && asked.state !== 'answered') this.#end(asked, 'answered');
  }

  forget(client: string): void {
    const asked = this.#asked.get(client);
    if (asked !== undefined) this.#end(asked, 'given-up');
    this.#asked.delete(client);
  }

  /** Sends nothing more. */
  stop(): void {
    this.#stopped = true;
    for (const asked of this.#asked.values()) if (asked.state === 'waiting') this.#end(asked, 'given-up');
  }

  #begin(client: string): Asked {
    const sessionId = (1 + this.#env.entropy.below(0xffff)).toString(16).toUpperCase();
    const asked: Asked = { sessionId, state: 'waiting', sends: 0, problem: undefined, timer: undefined, waiting: new Set() };
    this.#asked.set(client, asked);
    return asked;
  }

  async #send(client: string, asked: Asked): Promise<void> {
    asked.sends += 1;
    // Made anew each time: the same bytes, unless a session in between has replaced the nonce that it is proved with.
    const { to, trigger } = this.#compose(client, asked);
    try {
      await this.#env.sendTrigger(to, trigger);
      asked.problem = undefined;
    } catch (error) {
      if (!isPosternError(error)) throw error;
      asked.problem = error.message;
      this.#env.log.warn({ client, code: error.code, details: error.details }, 'a trigger could not be sent');
    }
    this.#repeatLater(client, asked);
  }

  #repeatLater(client: string, asked: Asked): void {
    asked.timer?.cancel();
    if (this.#stopped || asked.state !== 'waiting') return;
    const { clock, entropy, settings } = this.#env;
    const wait = Math.max(leastWait, fullJitter(settings.triggers, asked.sends, entropy));
    asked.timer = clock.timer('trigger-repeat', wait, () => this.#repeat(client, asked));
  }

  #repeat(client: string, asked: Asked): void {
    if (asked.sends >= this.#env.settings.triggers.sends) return this.#giveUp(client, asked);
    this.#send(client, asked).catch((error: unknown) => {
      this.#env.log.error({ client, err: error }, 'a trigger could not be sent again');
      this.#end(asked, 'given-up');
    });
  }

  #giveUp(client: string, asked: Asked): void {
    this.#env.log.warn({ client, sessionId: asked.sessionId, sends: asked.sends }, 'a client was triggered, and its session did not come');
    this.#end(asked, 'given-up');
  }

  #end(asked: Asked, state: 'answered' | 'given-up'): void {
    asked.state = state;
    asked.timer?.cancel();
    for (const wake of [...asked.waiting]) wake();
  }

  #compose(client: string, { sessionId }: Asked): { to: TriggerAddress; trigger: Uint8Array } {
    const { to, secret } = this.#wayTo(client);
    const nonce = this.#env.store.clients.nonce(client, 'server') ?? '';
    const about = { uiMode: 'background', initiator: 'server', sessionId, serverId: this.#env.settings.serverId } as const;
    return { to, trigger: encodeNotification(about, secret, nonce) };
  }

  #wayTo(id: string) {
    const client = this.#env.store.clients.get(id);
    const to = client?.reach === undefined ? undefined : parseTriggerAddress(client.reach);
    const refuse = (what: string) => new PosternError('control.no-trigger', { client: id, what });
    if (to === undefined) throw refuse('nobody has said where it is reached; add it with --reach, or write reach in the configuration');
    if (client?.serverSecret === undefined)
      throw refuse('a trigger is proved with the password of this server towards it, and it has none');
    return { to, secret: client.serverSecret };
  }
}
