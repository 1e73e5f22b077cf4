import type { Clock, Milliseconds } from '#src/base/index.js';

/** Resolves after the time, or as soon as the signal aborts. */
export function pause(clock: Clock, name: string, time: Milliseconds, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const wake = () => {
      timer.cancel();
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const timer = clock.timer(name, time, wake);
    signal.addEventListener('abort', wake);
  });
}
