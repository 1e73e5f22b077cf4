import type { Clock, Milliseconds, Timer } from './clock.js';
import type { Log } from './log.js';
import type { LogFields, OnlyLogFields } from './log-fields.js';

export interface LimitedLogOptions {
  readonly log: Log;
  readonly clock: Clock;
  /** Reasons with their sources that are told apart at once; beyond them all other sources of a reason are one. */
  readonly most?: number;
}

/** What is warned of. */
export interface Complaint {
  /** A word of ours. */
  readonly reason: string;
  /** Who is the cause of it, such as an address. */
  readonly source: string;
}

interface Told extends Complaint {
  readonly message: string;
  suppressed: number;
}

const minute: Milliseconds = 60_000;
const others = 'others';

/**
 * Warns of the same from the same source once a minute, so that whoever wants to can neither fill the log nor wear the flash that it is on.
 * What was left out is told in one line at the end of the minute: `suppressed` is how many.
 */
export class LimitedLog {
  readonly #options: LimitedLogOptions;
  readonly #told = new Map<string, Told>();
  #end: Milliseconds = Number.NEGATIVE_INFINITY;
  #summary: Timer | undefined;

  constructor(options: LimitedLogOptions) {
    this.#options = options;
  }

  warn<Given extends LogFields>(complaint: Complaint, fields: OnlyLogFields<Given>, message: string): void {
    const { clock, log } = this.#options;
    if (clock.monotonic() >= this.#end) this.#open();
    const before = this.#find(complaint);
    if (before !== undefined) return this.#suppress(before);
    const { reason, source } = this.#hasRoom ? complaint : { ...complaint, source: others };
    this.#told.set(keyOf({ reason, source }), { reason, source, message, suppressed: 0 });
    log.warn(fields, message);
  }

  /** A minute begins with what is told first in it. */
  #open(): void {
    this.#close();
    this.#end = this.#options.clock.monotonic() + minute;
  }

  #close(): void {
    this.#summary?.cancel();
    this.#summary = undefined;
    for (const { reason, source, message, suppressed } of this.#told.values()) {
      if (suppressed > 0) this.#options.log.warn({ reason, source, suppressed }, message);
    }
    this.#told.clear();
  }

  #suppress(told: Told): void {
    const { clock } = this.#options;
    told.suppressed += 1;
    this.#summary ??= clock.timer('log summary', this.#end - clock.monotonic(), () => this.#close());
  }

  #find(complaint: Complaint): Told | undefined {
    const own = this.#told.get(keyOf(complaint));
    return own ?? (this.#hasRoom ? undefined : this.#told.get(keyOf({ ...complaint, source: others })));
  }

  get #hasRoom(): boolean {
    return this.#told.size < (this.#options.most ?? 256);
  }
}

function keyOf({ reason, source }: Complaint): string {
  return `${reason}\n${source}`;
}
