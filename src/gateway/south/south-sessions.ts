import type { Environment } from '../environment.js';
import type { SessionView } from '../sessions/session-meter.js';
import { type LastExchange, RecentAnswers } from './recent-answers.js';
import type { SouthSession } from './south-session.js';

/** A session with a device and where its messages come in. */
export interface OpenSession {
  /** The last part of its RespURI: opaque and unguessable. */
  readonly token: string;
  readonly device: string;
  readonly session: SouthSession;
  last?: LastExchange;
}

/** Share of the open sessions that may belong to peers who have not proved themselves. */
const strangersShare = 4;

/** The southern sessions that are open, by token and by device. Bounded: strangers push out strangers, never a device. */
export class SouthSessions {
  readonly #env: Environment;
  readonly #byToken = new Map<string, OpenSession>();
  /** The one authenticated session of each device. */
  readonly #byDevice = new Map<string, OpenSession>();
  readonly #recent: RecentAnswers;
  #closed = false;

  constructor(env: Environment) {
    this.#env = env;
    this.#recent = new RecentAnswers(env.clock, env.settings.repeatWindow);
  }

  find(token: string): OpenSession | undefined {
    return this.#byToken.get(token);
  }

  /** The last exchange at a RespURI or, without a token, of a device; also of a session that has just ended. */
  lastExchange(token: string | undefined, device?: string): LastExchange | undefined {
    if (token !== undefined) return this.#byToken.get(token)?.last ?? this.#recent.find(token);
    return device === undefined ? undefined : (this.#byDevice.get(device)?.last ?? this.#recent.find(device));
  }

  /** The latest session of a device that has been challenged, for devices that do not follow a RespURI. */
  challenged(device: string, sessionId: string): OpenSession | undefined {
    return [...this.#byToken.values()].findLast(
      (open) => open.device === device && !open.session.authenticated && open.session.sessionId === sessionId,
    );
  }

  /** @returns false where there is no room */
  add(open: OpenSession): boolean {
    const { maxSessions } = this.#env.settings;
    const strangers = [...this.#byToken.values()].filter(({ session }) => !session.authenticated);
    if (strangers.length >= Math.max(1, maxSessions / strangersShare)) strangers[0]?.session.abort('too many sessions without credentials');
    if (this.#closed || this.#byToken.size >= maxSessions) return false;
    this.#byToken.set(open.token, open);
    return true;
  }

  /** A device has proved itself: this is its session now, an earlier one is over. */
  promote(open: OpenSession): void {
    const earlier = this.#byDevice.get(open.device);
    this.#byDevice.set(open.device, open);
    if (earlier !== undefined && earlier !== open) earlier.session.abort('the device has opened another session');
  }

  /** Forgets a session that has ended; its last answer stays for a repeat until the window closes. */
  remove(open: OpenSession): void {
    this.#byToken.delete(open.token);
    if (this.#byDevice.get(open.device) === open) this.#byDevice.delete(open.device);
    if (open.session.authenticated && open.last !== undefined) this.#recent.put([open.token, open.device], open.last);
  }

  views(): SessionView[] {
    return [...this.#byToken.values()].map(({ session }) => session.meter.view);
  }

  /** Lets no new session in. */
  close(): void {
    this.#closed = true;
  }

  /** Ends the sessions of one device. */
  endFor(device: string, detail: string): void {
    for (const open of this.#byToken.values()) if (open.device === device) open.session.abort(detail);
  }

  abortAll(): void {
    for (const { session } of this.#byToken.values()) session.abort('the gateway stops');
  }
}
