import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';

/** Milliseconds between two looks: seldom, for each wakes the processor. */
const resolution = 100;
const nanosecond = 1e-9;

/** How late timers of this process run. Nothing is measured before somebody has asked once. */
export class LoopDelay {
  #histogram: IntervalHistogram | undefined;

  /** Seconds, 99th percentile since it was last asked. */
  read(): number {
    this.#histogram ??= started();
    const { count } = this.#histogram;
    // It holds the time from one look to the next, of which only what is beyond the interval is delay.
    const late = this.#histogram.percentile(99) * nanosecond - resolution / 1_000;
    this.#histogram.reset();
    return count === 0 ? 0 : Math.max(0, late);
  }

  stop(): void {
    this.#histogram?.disable();
  }
}

function started(): IntervalHistogram {
  const histogram = monitorEventLoopDelay({ resolution });
  histogram.enable();
  return histogram;
}
