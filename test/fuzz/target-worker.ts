import { parentPort, workerData } from 'node:worker_threads';
import { runTarget } from './run-target.js';
import { targetNamed } from './targets.js';

/** What the worker is told. */
export interface WorkerTask {
  readonly target: string;
  readonly seed: number;
  readonly inputs: number;
  readonly time: number;
  readonly kept: readonly Uint8Array[];
  /** One number: which input is being tried. */
  readonly place: Int32Array;
}

const { target, seed, inputs, time, kept, place } = workerData as WorkerTask;
// Sockets that nobody reads from and timers of the endpoint do not keep a thread alive.
const alive = setInterval(() => undefined, 1_000);
const outcome = await runTarget(targetNamed(target), { seed, inputs, time, kept, onInput: (index) => Atomics.store(place, 0, index) });
parentPort?.postMessage(outcome);
clearInterval(alive);
