import type { EndReason } from '#src/dm/session/index.js';
import type { SessionView } from './session-meter.js';

/** How a session ended. */
export interface SessionEnding extends Pick<SessionView, 'leg' | 'device' | 'serverId'> {
  readonly reason: EndReason;
  /** More about it, in a sentence. */
  readonly detail?: string;
  /** Milliseconds since 1970. */
  readonly endedAt: number;
}

const most = 64;

/** How the last sessions ended, for whoever looks for what is wrong. */
export class RecentEndings {
  readonly #kept: SessionEnding[] = [];

  add(ending: SessionEnding): void {
    this.#kept.unshift(ending);
    this.#kept.length = Math.min(this.#kept.length, most);
  }

  /** The newest first. */
  list(): readonly SessionEnding[] {
    return [...this.#kept];
  }
}
