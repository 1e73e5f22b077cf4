import { Worker } from 'node:worker_threads';
import type { Outcome } from './run-target.js';
import { type FuzzTarget, inputsOf } from './target.js';
import type { WorkerTask } from './target-worker.js';

/** An input that takes so long hangs, in milliseconds. It is long because the machine may be busy. */
const patience = 15_000;
const lookEvery = 500;
/** Of the worker, in MiB: an input that needs more ends it. */
const heapLimit = 256;

/** A thread of its own does not take over the loader of the sources. */
const start = `import('tsx/esm/api').then(({ register }) => {
  register();
  return import(${JSON.stringify(new URL('target-worker.ts', import.meta.url).href)});
});`;

/** Tries a target in a thread of its own, which ends when an input hangs or takes all memory. */
export function watchedRun(target: FuzzTarget, task: Omit<WorkerTask, 'target' | 'place'>): Promise<Outcome> {
  const place = new Int32Array(new SharedArrayBuffer(4));
  const workerData: WorkerTask = { ...task, target: target.name, place };
  const worker = new Worker(start, { eval: true, workerData, resourceLimits: { maxOldGenerationSizeMb: heapLimit } });
  const ended = (what: string): Outcome => {
    const index = Atomics.load(place, 0);
    return { inputs: index + 1, findings: [{ what, input: inputsOf(target, task.seed)(index), index }], heap: undefined };
  };
  return new Promise((resolve) => {
    const stop = watch(place, () => {
      resolve(ended(`it takes more than ${patience} ms`));
      void worker.terminate();
    });
    worker.once('message', (outcome: Outcome) => resolve(outcome));
    worker.once('error', (error) => resolve(ended(error instanceof Error ? (error.stack ?? error.message) : String(error))));
    worker.once('exit', (code) => {
      stop();
      resolve(ended(`the worker ended with ${code}`));
    });
  });
}

/** Calls back when nothing has moved for too long. @returns what ends it */
function watch(place: Int32Array, onHang: () => void): () => void {
  let last = -1;
  let since = Date.now();
  const look = setInterval(() => {
    const now = Atomics.load(place, 0);
    if (now !== last) {
      last = now;
      since = Date.now();
    } else if (Date.now() - since > patience) {
      clearInterval(look);
      onHang();
    }
  }, lookEvery);
  return () => clearInterval(look);
}
