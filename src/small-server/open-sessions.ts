import type { Milliseconds } from '#src/base/index.js';
import type { ClientSession } from './client-session.js';
import type { Environment } from './environment.js';

/** A session and where its messages come in. */
export interface OpenSession {
  /** The last part of its RespURI: opaque and unguessable. */
  readonly token: string;
  readonly client: string;
  readonly session: ClientSession;
}

/** Share of the open sessions that may belong to peers who have not proved themselves. */
const strangersShare = 4;

/** The sessions that are open. Bounded: strangers push out strangers, never a client. */
export class OpenSessions {
  readonly #env: Environment;
  readonly #byToken = new Map<string, OpenSession>();
  #emptied: (() => void) | undefined;

  constructor(env: Environment) {
    this.#env = env;
  }

  find(token: string): OpenSession | undefined {
    return this.#byToken.get(token);
  }

  list(): readonly OpenSession[] {
    return [...this.#byToken.values()];
  }

  /** The latest session of a client that has been challenged, for clients that do not follow a RespURI. */
  challenged(client: string, sessionId: string): OpenSession | undefined {
    return this.list().findLast((open) => open.client === client && !open.session.authenticated && open.session.sessionId === sessionId);
  }

  /** @returns false where there is no room */
  add(open: OpenSession): boolean {
    const { maxSessions } = this.#env.settings;
    const strangers = this.list().filter(({ session }) => !session.authenticated);
    if (strangers.length >= Math.max(1, maxSessions / strangersShare)) strangers[0]?.session.drop('too many sessions without credentials');
    if (this.#byToken.size >= maxSessions) return false;
    this.#byToken.set(open.token, open);
    return true;
  }

  /** A client has proved itself: this is its session now, an earlier one is over. */
  promote(open: OpenSession): void {
    for (const other of this.list()) {
      if (other !== open && other.client === open.client && other.session.authenticated)
        other.session.drop('the client has opened another session');
    }
  }

  remove(open: OpenSession): void {
    this.#byToken.delete(open.token);
    if (this.#isIdle) this.#emptied?.();
  }

  endFor(client: string): void {
    for (const open of this.list()) if (open.client === client) open.session.drop('the client was removed');
  }

  /** Resolves when no client is in a session any more, at the latest after `grace`; what is left is ended. */
  async drain(grace: Milliseconds): Promise<void> {
    if (!this.#isIdle) await this.#idle(grace);
    for (const { session } of this.list()) session.drop('the server stops');
  }

  get #isIdle(): boolean {
    return !this.list().some(({ session }) => session.authenticated && !session.ended);
  }

  #idle(grace: Milliseconds): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#env.clock.timer('drain', grace, () => resolve());
      this.#emptied = () => {
        timer.cancel();
        resolve();
      };
    });
  }
}
