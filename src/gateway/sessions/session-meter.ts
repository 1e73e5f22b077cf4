/** What is known of a session that is open, for those who watch. */
export interface SessionView {
  readonly id: string;
  readonly leg: 'south' | 'north';
  readonly device: string;
  readonly serverId: string;
  readonly sessionId: string;
  readonly state: 'authenticating' | 'open';
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly messages: number;
  readonly bytes: number;
}

/** Counts one session. */
export class SessionMeter {
  readonly #about: Pick<SessionView, 'id' | 'leg' | 'device' | 'serverId' | 'startedAt'>;
  #sessionId = '';
  #state: SessionView['state'] = 'authenticating';
  #messages = 0;
  #bytes = 0;

  constructor(about: Pick<SessionView, 'id' | 'leg' | 'device' | 'serverId' | 'startedAt'>) {
    this.#about = about;
  }

  get id(): string {
    return this.#about.id;
  }

  get messages(): number {
    return this.#messages;
  }

  begin(sessionId: string): void {
    this.#sessionId = sessionId;
  }

  authenticated(): void {
    this.#state = 'open';
  }

  /** @param bytes of each message */
  count(...bytes: readonly number[]): void {
    this.#messages += bytes.length;
    for (const size of bytes) this.#bytes += size;
  }

  get view(): SessionView {
    return { ...this.#about, sessionId: this.#sessionId, state: this.#state, messages: this.#messages, bytes: this.#bytes };
  }
}
