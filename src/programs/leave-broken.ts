import type { Log, Milliseconds, PosternError } from '#src/base/index.js';
import { exitCodeOf } from '#src/cli/index.js';

/** How long what is under way may take to hear that it failed. */
const lastWords: Milliseconds = 2_000;

/**
 * Ends a program whose disk has failed to sync what was committed: nothing is acknowledged any more, and only a new start finds out what is there.
 * Whoever started the program starts it again.
 * @throws `failure`, when what was under way has been told, or 2 s have passed
 */
export async function leaveBroken(failure: PosternError, stop: () => Promise<void>, log: Log): Promise<never> {
  log.error(
    { code: failure.code, detail: failure.message },
    'the disk has failed to keep what was committed: leaving, to be started again',
  );
  const told = new Promise((resolve) => setTimeout(resolve, lastWords));
  await Promise.race([told, stop().catch((error: unknown) => log.debug({ err: error }, 'not everything could be stopped in order'))]);
  // What is still open, such as a session that waits for its device, holds nobody up.
  setTimeout(() => process.exit(exitCodeOf(failure)), lastWords).unref();
  throw failure;
}
