import { GCProfiler } from 'node:v8';
import { isPosternError } from '#src/base/index.js';
import { defaultDecodeLimits } from '#src/dm/syncml/index.js';
import { type HostileInput, hostileInputs, spendthrift } from './hostile-inputs.js';

/** What one hostile input cost. */
export interface HostileCost {
  readonly name: string;
  /** Of the error that it ended in, or none. */
  readonly code: string;
  /** Of the input. */
  readonly bytes: number;
  /** Bytes of memory that were in use at once, beside the input itself; garbage counts until it is collected. */
  readonly memory?: number;
  /** Milliseconds of processor time, the collection of garbage included: the least of some rounds. */
  readonly time?: number;
}

const rounds = 15;

/** Run in a process of its own: `memory`, with `--expose-gc` and little room for new objects, or `time`; prints what each input cost. */
const measure = process.argv[2] === 'time' ? timeOf : memoryOf;
process.stdout.write(JSON.stringify([...hostileInputs, spendthrift].map(costOf)));

function costOf(input: HostileInput): HostileCost {
  const message = input.make();
  const decode = () => codeOf(() => input.codec.decode(message, defaultDecodeLimits));
  // The first one is compiled while it is read.
  const code = decode();
  return { name: input.name, code, bytes: message.length, ...measure(decode) };
}

/** What was used most is what was used before some collection, or at the end: in between it only grows. */
function memoryOf(decode: () => unknown): Pick<HostileCost, 'memory'> {
  globalThis.gc?.();
  globalThis.gc?.();
  const profiler = new GCProfiler();
  const before = used();
  profiler.start();
  decode();
  const atTheEnd = used();
  const collections = profiler.stop().statistics.map(({ beforeGC }) => beforeGC.heapStatistics);
  const most = Math.max(atTheEnd, ...collections.map(({ usedHeapSize, externalMemory }) => usedHeapSize + externalMemory));
  return { memory: most - before };
}

function used(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function timeOf(decode: () => unknown): Pick<HostileCost, 'time'> {
  const times = Array.from({ length: rounds }, () => {
    const before = process.cpuUsage();
    decode();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return { time: Math.min(...times) };
}

function codeOf(decode: () => unknown): string {
  try {
    decode();
    return 'none';
  } catch (error) {
    if (isPosternError(error)) return error.code;
    throw error;
  }
}
