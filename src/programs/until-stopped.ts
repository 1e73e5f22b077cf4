/** Resolves with the name of the signal that asks a program to stop. A second one ends it at once. @param released nobody waits for one any more */
export function untilStopped(released?: AbortSignal): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    // Timers and sockets of the programs do not hold the process; this does.
    const alive = setInterval(() => {}, 2 ** 30);
    released?.addEventListener('abort', () => clearInterval(alive));
    const stop = (signal: NodeJS.Signals) => {
      clearInterval(alive);
      process.once('SIGTERM', () => process.exit(1));
      process.once('SIGINT', () => process.exit(1));
      resolve(signal);
    };
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
  });
}
