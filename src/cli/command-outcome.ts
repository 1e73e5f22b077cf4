import type { Milliseconds } from '#src/base/index.js';
import type { CommandResult, SmallServerClient } from '#src/control/index.js';
import { exitCodes } from './exit-codes.js';
import { formatTable } from './table.js';
import { type CommonOptions, print, type Scene } from './verbs/verb.js';

interface OutcomeOptions extends CommonOptions {
  /** Absent: tell the id and do not ask at all. */
  readonly wait?: Milliseconds;
}

/** One question to the server waits at most so long, in seconds. */
const longestWait = 60;

/** Tells what became of a command after waiting for its end as long as was asked, and ends with what that means. */
export async function showOutcome(scene: Scene, server: SmallServerClient, id: string, options: OutcomeOptions): Promise<void> {
  const { wait } = options;
  if (wait === undefined) return print(scene, options, { id }, () => `Queued as ${id}; see: postern server results ${id} --wait 30\n`);
  const result = await awaitEnd(server, id, wait);
  // Loaded only here: other verbs start without the protocol.
  const { statusMeaning } = await import('#src/dm/session/index.js');
  print(scene, options, result, () => outcomeText(result, statusMeaning));
  scene.finish(exitCodeFor(result));
}

/** Asks again until the time is used up: each question is bounded. */
async function awaitEnd(server: SmallServerClient, id: string, wait: Milliseconds): Promise<CommandResult> {
  let left = wait / 1000;
  let result = await server.showCommand({ id, wait: Math.min(left, longestWait) });
  for (left -= longestWait; left > 0 && !isOver(result); left -= longestWait) {
    result = await server.showCommand({ id, wait: Math.min(left, longestWait) });
  }
  return result;
}

function isOver({ state }: CommandResult): boolean {
  return state === 'done' || state === 'aborted';
}

function exitCodeFor(result: CommandResult): number {
  if (!isOver(result)) return exitCodes.unfinished;
  const succeeded = result.state === 'done' && result.statuses.every(({ status }) => status >= 200 && status < 300);
  return succeeded ? exitCodes.ok : exitCodes.failed;
}

function outcomeText({ id, state, statuses, results }: CommandResult, meaning: (status: number) => string | undefined): string {
  const told =
    statuses.length === 0
      ? ''
      : formatTable(
          ['STATUS', 'URI', 'MEANING'],
          statuses.map(({ status, uri }) => [status, uri, meaning(status)]),
        );
  const rows = results.map(({ uri, format, data }) => [uri, format, data]);
  const read = results.length === 0 ? '' : formatTable(['URI', 'FORMAT', 'VALUE'], rows);
  return `${id} is ${state}\n${[told, read]
    .filter((text) => text !== '')
    .map((text) => `\n${text}`)
    .join('')}`;
}
