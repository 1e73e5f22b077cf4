/** One figure that we publish; a bench module exports `benchmarks: Benchmark[]`. */
export interface Benchmark {
  readonly name: string;
  run(): Promise<Measurement | Skipped>;
}

/** What cannot be measured on this machine, and why. */
export interface Skipped {
  readonly skipped: string;
}

/** `against` is the yardstick's figure in the same unit; `goal` is what `ratio`, or without it `value`, has to reach. */
export interface Measurement {
  readonly value: number;
  readonly unit: string;
  readonly against?: number;
  readonly ratio?: number;
  readonly goal?: number;
  /** Which way the goal binds `value`: `lower` for sizes and times. */
  readonly better?: 'higher' | 'lower';
}

export interface Comparison {
  /** Median milliseconds of one call. */
  readonly ours: number;
  readonly theirs: number;
  /** Median of the rounds' own ratios: how many times as fast we are. */
  readonly ratio: number;
}

/**
 * Times two functions in turns within one run, so that both meet the same machine: a machine that slows down slows both.
 * @param options.rounds how often both are measured
 * @param options.seconds how long all of it takes, about
 */
export function compare(ours: () => void, theirs: () => void, options: { readonly rounds: number; readonly seconds: number }): Comparison {
  const slice = (options.seconds * 1000) / (options.rounds + 1) / 2;
  // The first round warms up and sizes the others.
  const ourCalls = callsIn(ours, slice);
  const theirCalls = callsIn(theirs, slice);
  const rounds = Array.from({ length: options.rounds }, (_, round) => {
    const first = round % 2 === 0 ? time(ours, ourCalls) : undefined;
    const their = time(theirs, theirCalls);
    const our = first ?? time(ours, ourCalls);
    return { our, their, ratio: their / our };
  });
  return {
    ours: median(rounds.map((round) => round.our)),
    theirs: median(rounds.map((round) => round.their)),
    ratio: median(rounds.map((round) => round.ratio)),
  };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

function callsIn(run: () => void, milliseconds: number): number {
  const start = performance.now();
  let calls = 0;
  while (performance.now() - start < milliseconds) {
    run();
    calls++;
  }
  return calls;
}

/** Milliseconds per call. */
function time(run: () => void, calls: number): number {
  const start = performance.now();
  for (let call = 0; call < calls; call++) run();
  return (performance.now() - start) / calls;
}
