import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { slowness, timeLimit } from './slowness.js';
import { type FuzzTarget, inputsOf } from './target.js';

export interface Finding {
  readonly what: string;
  readonly input: Uint8Array;
  /** Which input of the run; undefined: one that is kept in a file. */
  readonly index?: number;
}

export interface TargetRun {
  readonly seed: number;
  /** So many at least. */
  readonly inputs: number;
  /** Milliseconds of the processor's time: more inputs than those follow until they are spent; 0: none do. */
  readonly time: number;
  /** Inputs that did harm once, tried before all others. */
  readonly kept: readonly Uint8Array[];
  /** Of the input that begins. */
  readonly onInput: (index: number) => void;
}

export interface Outcome {
  /** How many were tried, without the kept ones. */
  readonly inputs: number;
  readonly findings: readonly Finding[];
  /** Bytes of heap after a third of the inputs and at the end, garbage collected; undefined: too few inputs, or it cannot be seen. */
  readonly heap: { readonly early: number; readonly late: number } | undefined;
}

/** After so many inputs what they have left for later gets its turn: sockets end then. */
const breathe = 100;
/** More of them would say the same. */
const mostFindings = 10;
/** With fewer inputs what the compiler keeps is more than a tenth. */
export const leastForHeap = 30_000;
const heapGrowth = 1.1;

/** Tries a target with so many inputs, and with more for as long as there is time. */
export async function runTarget(target: FuzzTarget, { seed, inputs, time, kept, onInput }: TargetRun): Promise<Outcome> {
  const inputOf = inputsOf(target, seed);
  const findings: Finding[] = [];
  for (const input of kept) {
    const what = await tried(target, Buffer.from(input));
    if (what !== undefined) findings.push({ what, input });
  }
  const isSpent = stopwatch(time);
  const seesHeap = inputs >= (target.leastForHeap ?? leastForHeap);
  let early: number | undefined;
  let index = 0;
  for (; (index < inputs || !isSpent()) && findings.length < mostFindings; index += 1) {
    onInput(index);
    if (index % breathe === 0) await setImmediate();
    if (index === Math.floor(inputs / 3) && seesHeap) early = heapUsed();
    const input = inputOf(index);
    const what = await tried(target, input);
    if (what !== undefined) findings.push({ what, input, index });
  }
  await target.close?.();
  const late = early === undefined ? undefined : heapUsed();
  const heap = early === undefined || late === undefined ? undefined : { early, late };
  if (heap !== undefined && heap.late > heap.early * heapGrowth) {
    // No single one did it: as many as came up to the last one do.
    findings.push({ what: `the heap grew from ${heap.early} to ${heap.late} bytes`, input: new Uint8Array(), index: index - 1 });
  }
  return { inputs: index, findings, heap };
}

/** Whether so much of the processor's time is spent: what else runs on the machine takes none of it. */
function stopwatch(time: number): () => boolean {
  const start = process.cpuUsage();
  let calls = 0;
  let isSpent = time === 0;
  return () => {
    // Asking costs as much as a small input.
    if (!isSpent && calls++ % 64 === 0) {
      const { user, system } = process.cpuUsage(start);
      isSpent = (user + system) / 1_000 >= time;
    }
    return isSpent;
  };
}

/** What an input did that it may not; undefined: nothing. */
async function tried(target: FuzzTarget, input: Buffer): Promise<string | undefined> {
  try {
    const took = await timed(target, input);
    if (took <= timeLimit(input.length)) return undefined;
    const slow = await slowness(input.length, () => timed(target, input));
    return slow === undefined ? undefined : `slow: ${slow.toFixed(1)} ms for ${input.length} bytes`;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

async function timed(target: FuzzTarget, input: Buffer): Promise<number> {
  const start = performance.now();
  const pending = target.check(input);
  // Most are done at once, and waiting would cost as much as they do.
  if (pending !== undefined) await pending;
  return performance.now() - start;
}

function heapUsed(): number | undefined {
  // A run that looks at it is started with --expose-gc.
  if (globalThis.gc === undefined) return undefined;
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}
