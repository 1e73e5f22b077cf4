import type { Log } from '#src/base/index.js';
import { untilStopped } from '../until-stopped.js';

/** What a start came to. */
export interface Running {
  readonly stop: () => Promise<void>;
  /** Resolves when it is to be stopped and started again; absent: it runs until it is told to stop. */
  readonly again?: Promise<void>;
}

/** Starts, and starts again for as long as that is asked for, until a signal says to stop. */
export async function keepRunning(start: () => Promise<Running>, log: Log): Promise<void> {
  let signal: NodeJS.Signals | undefined;
  let told: Promise<NodeJS.Signals> | undefined;
  while (signal === undefined) {
    const { stop, again } = await start();
    told ??= untilStopped();
    signal = (await Promise.race(again === undefined ? [told] : [told, again])) ?? undefined;
    if (signal === undefined) log.info({}, 'starting again');
    else log.info({ signal }, 'stopping');
    await stop();
  }
  log.info({}, 'stopped');
}
