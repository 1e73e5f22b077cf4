import { join } from 'node:path';
import { createProgramLog, isPosternError } from '#src/base/index.js';
import { exitCodes, type ServerOptions } from '#src/cli/index.js';
import { loadSmallServerConfig } from '#src/config/index.js';
import { smallServerSocketName } from '#src/control/index.js';
import { openStateDirectory, redactSecrets } from '#src/security/index.js';
import { leaveBroken } from '../leave-broken.js';
import { untilStopped } from '../until-stopped.js';
import { placeBelow, type SmallServerPlace, startSmallServer } from './start.js';

/** How long open sessions may take to end when the server is told to stop. */
const drainTime = 8_000;

/** The small DM server: read what is configured, open what is kept, listen, and stop in order. */
export async function main(options: ServerOptions): Promise<number> {
  const config = loadSmallServerConfig(options.config);
  const log = await createProgramLog({ ...config.log, ...(options.json ? { format: 'json' } : {}), redact: redactSecrets });
  const running = await startSmallServer({ ...placeOf(options.state ?? config.state), config, log, record: options.record });
  const released = new AbortController();
  const end = await Promise.race([untilStopped(released.signal), running.broken]);
  if (isPosternError(end)) return leaveBroken(end, () => running.stop(0), log).finally(() => released.abort());
  log.info({ signal: end }, 'stopping');
  await running.stop(drainTime);
  log.info({}, 'stopped');
  return exitCodes.ok;
}

/** A state folder that was named is its own; the one of all programs it shares. */
function placeOf(named: string | undefined): SmallServerPlace {
  if (named === undefined) return placeBelow(openStateDirectory({ env: process.env }));
  const directory = openStateDirectory({ env: { STATE_DIRECTORY: named } });
  return { directory, socket: join(directory, smallServerSocketName) };
}
