/** A wish to end: SIGTERM, SIGINT, or the program's own. A second signal ends it at once. */
export interface StopRequest {
  readonly signal: AbortSignal;
  /** Lets the process end by itself. */
  release(): void;
}

/** Listens for it, and keeps the process up meanwhile: the device's timers alone would not. */
export function listenForStop(): StopRequest {
  const stopping = new AbortController();
  const alive = setInterval(() => {}, 2 ** 30);
  const stop = () => {
    if (stopping.signal.aborted) process.exit(1);
    stopping.abort();
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  return {
    signal: stopping.signal,
    release() {
      clearInterval(alive);
      process.off('SIGTERM', stop);
      process.off('SIGINT', stop);
    },
  };
}
