import type { Clock, Counters, Log, Milliseconds, NewWork, Overload, OverloadLevel, Timer } from '#src/base/index.js';
import type { Pressure } from './process-load.js';

export interface OverloadGuardParts {
  /** How near everything is to its ceiling. @param late how late timers run */
  readonly look: (late: Milliseconds) => readonly Pressure[];
  /** Told what was seen; whether it has made room, so that it is worth another look. */
  readonly makeRoom?: (pressures: readonly Pressure[]) => boolean;
  readonly counters: Counters;
  readonly clock: Clock;
  readonly log: Log;
}

const shedAt = 0.95;
const refuseAt = 0.98;
/** It ends well below where it begins, so that it does not begin and end in turns. */
const overAt = 0.9;
/** From here on it is looked at more often. */
const near = 0.75;
const everyCalm: Milliseconds = 1_000;
const everyNear: Milliseconds = 250;
/** Looks of which the one in the middle says how late timers run: one long pause is no overload. */
const looksKept = 5;
/** One of each kind of new work is taken in this time whatever the level: where memory stays high, everybody is served slowly, not nobody. */
const trickle: Milliseconds = 1_000;

/**
 * Says when new work is refused: when memory, V8's heap or the event loop is near its ceiling. New work goes first; what is under way, and what waits
 * to be sent, goes on. Says so in one line when it begins, gets worse or ends, in the readiness and in the metrics.
 */
export class OverloadGuard implements Overload {
  readonly #parts: OverloadGuardParts;
  #level: OverloadLevel = 'none';
  #pressures: readonly Pressure[] = [];
  #late: readonly Milliseconds[] = [];
  #timer: Timer | undefined;
  /** When the last one of each kind was taken although there is too much; absent: none since it began. */
  readonly #trickled = new Map<NewWork, Milliseconds>();
  #since: Milliseconds = 0;

  constructor(parts: OverloadGuardParts) {
    this.#parts = parts;
  }

  get level(): OverloadLevel {
    return this.#level;
  }

  /** As it was at the last look. */
  get pressures(): readonly Pressure[] {
    return this.#pressures;
  }

  /** Why new work is refused, in sentences; empty: it is not. */
  reasons(): string[] {
    return this.#level === 'none' ? [] : [`new work is refused: ${this.#worst()?.why}`];
  }

  admits(work: NewWork): boolean {
    const least = work === 'message' || work === 'trigger' ? 'refuse' : 'shed';
    if (this.#level === 'none' || (this.#level === 'shed' && least === 'refuse') || this.#trickles(work)) return true;
    this.#parts.counters.add('postern_shed_total', { work });
    return false;
  }

  #trickles(work: NewWork): boolean {
    const now = this.#parts.clock.monotonic();
    if (now - (this.#trickled.get(work) ?? this.#since) < trickle) return false;
    this.#trickled.set(work, now);
    return true;
  }

  start(): void {
    this.#look();
    const { clock } = this.#parts;
    const pause = (this.#worst()?.share ?? 0) < near ? everyCalm : everyNear;
    const due = clock.monotonic() + pause;
    this.#timer = clock.timer('overload', pause, () => {
      this.#late = [...this.#late.slice(1 - looksKept), Math.max(0, clock.monotonic() - due)];
      this.start();
    });
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #look(): void {
    const { look, makeRoom } = this.#parts;
    const late = this.#late.toSorted((one, other) => one - other)[this.#late.length >> 1] ?? 0;
    this.#pressures = look(late);
    if (makeRoom?.(this.#pressures)) this.#pressures = look(late);
    this.#settle(levelAt(this.#worst()?.share ?? 0, this.#level));
  }

  #settle(level: OverloadLevel): void {
    const before = this.#level;
    if (level === before) return;
    this.#level = level;
    if (before === 'none') this.#since = this.#parts.clock.monotonic();
    if (level === 'none') this.#trickled.clear();
    const { log } = this.#parts;
    const why = this.#worst()?.why;
    if (level === 'none') log.info({ why }, 'new work is taken again');
    else if (level === 'refuse') log.warn({ why }, 'overload: new work is refused unread');
    else if (before === 'none') log.warn({ why }, 'overload: new work is refused');
  }

  #worst(): Pressure | undefined {
    return this.#pressures.toSorted((one, other) => other.share - one.share)[0];
  }
}

function levelAt(share: number, before: OverloadLevel): OverloadLevel {
  if (share >= refuseAt) return 'refuse';
  if (share >= shedAt) return before === 'refuse' ? 'refuse' : 'shed';
  return share < overAt || before === 'none' ? 'none' : 'shed';
}
