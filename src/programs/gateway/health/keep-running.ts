import { isPosternError, type Log, type PosternError } from '#src/base/index.js';
import { leaveBroken } from '../../leave-broken.js';
import { untilStopped } from '../../until-stopped.js';

/** What a start came to. */
export interface Running {
  readonly stop: () => Promise<void>;
  /** Resolves when it is to be stopped and started again; absent: it runs until it is told to stop. */
  readonly again?: Promise<void>;
  /** Resolves with the reason when it cannot go on: the program leaves. */
  readonly broken?: Promise<PosternError>;
}

/**
 * Starts, and starts again for as long as that is asked for, until a signal says to stop.
 * @throws why it could not start, or not go on
 */
export async function keepRunning(start: () => Promise<Running>, log: Log): Promise<void> {
  const released = new AbortController();
  let signal: NodeJS.Signals | undefined;
  let told: Promise<NodeJS.Signals> | undefined;
  while (signal === undefined) {
    const { stop, again, broken } = await start();
    told ??= untilStopped(released.signal);
    const end = await Promise.race([told, again, broken].filter((one) => one !== undefined));
    if (isPosternError(end)) return leaveBroken(end, stop, log).finally(() => released.abort());
    signal = end ?? undefined;
    if (signal === undefined) log.info({}, 'starting again');
    else log.info({ signal }, 'stopping');
    await stop();
  }
  log.info({}, 'stopped');
}
