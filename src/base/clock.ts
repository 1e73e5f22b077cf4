/** Milliseconds. */
export type Milliseconds = number;

export interface Timer {
  cancel(): void;
}

/** The only source of time; tests inject one that they move by hand. */
export interface Clock {
  /** Wall-clock time in milliseconds since 1970; may jump. For records and certificates. */
  now(): Milliseconds;
  /** Time that never goes back; for durations. */
  monotonic(): Milliseconds;
  /** Calls `run` once after `delay`. The name is for logs and for tests that look at what is pending. */
  timer(name: string, delay: Milliseconds, run: () => void): Timer;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  timer(_name, delay, run) {
    const handle = setTimeout(run, delay);
    handle.unref();
    return { cancel: () => clearTimeout(handle) };
  },
};

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  #now: Milliseconds;
  /** How far the wall clock was set away from the time that has passed. */
  #wallSet: Milliseconds = 0;
  #timers: { name: string; due: Milliseconds; run: () => void }[] = [];

  constructor(start: Milliseconds = Date.UTC(2026, 0, 1)) {
    this.#now = start;
  }

  now(): Milliseconds {
    return this.#now + this.#wallSet;
  }

  monotonic(): Milliseconds {
    return this.#now;
  }

  /** Sets the wall clock alone, as somebody or NTP does; no time passes by it. */
  jump(by: Milliseconds): void {
    this.#wallSet += by;
  }

  timer(name: string, delay: Milliseconds, run: () => void): Timer {
    const entry = { name, due: this.#now + delay, run };
    this.#timers.push(entry);
    return {
      cancel: () => {
        this.#timers = this.#timers.filter((other) => other !== entry);
      },
    };
  }

  /** Names of the pending timers, the nearest first. */
  pending(): string[] {
    return this.#timers.toSorted((a, b) => a.due - b.due).map((entry) => entry.name);
  }

  /** Moves time forward and runs what falls due, in order. */
  advance(by: Milliseconds): void {
    const end = this.#now + by;
    for (let next = this.#nextDue(end); next !== undefined; next = this.#nextDue(end)) {
      this.#now = next.due;
      this.#timers.splice(this.#timers.indexOf(next), 1);
      next.run();
    }
    this.#now = end;
  }

  #nextDue(end: Milliseconds) {
    return this.#timers.filter((entry) => entry.due <= end).toSorted((a, b) => a.due - b.due)[0];
  }
}
