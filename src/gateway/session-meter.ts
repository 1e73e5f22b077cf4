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
  #view: SessionView;

  constructor(view: Pick<SessionView, 'id' | 'leg' | 'device' | 'serverId' | 'startedAt'>) {
    this.#view = { ...view, sessionId: '', state: 'authenticating', messages: 0, bytes: 0 };
  }

  begin(sessionId: string): void {
    this.#view = { ...this.#view, sessionId };
  }

  authenticated(): void {
    this.#view = { ...this.#view, state: 'open' };
  }

  count(...bytes: readonly number[]): void {
    const sum = bytes.reduce((total, size) => total + size, 0);
    this.#view = { ...this.#view, messages: this.#view.messages + bytes.length, bytes: this.#view.bytes + sum };
  }

  get view(): SessionView {
    return this.#view;
  }
}
