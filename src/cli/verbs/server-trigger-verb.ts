import type { Command } from 'commander';
import type { Milliseconds } from '#src/base/index.js';
import { triggerAddressForm } from '#src/config/index.js';
import { exitCodes } from '../exit-codes.js';
import { readDuration } from '../options/duration-option.js';
import { type CommonOptions, example, print, type Scene, smallServerOf } from './verb.js';

interface TriggerOptions extends CommonOptions {
  readonly wait?: Milliseconds;
  readonly reach?: string;
}

/** One question to the server waits at most so long. */
const longestWait: Milliseconds = 60_000;

/** `server trigger`: asks a client for a session. */
export function addTriggerVerb(server: Command, scene: Scene): void {
  const trigger = server
    .command('trigger')
    .description('ask a client for a session (Package#0); the same trigger goes again until its session comes')
    .argument('<client>', 'its DevId')
    .option('--wait <time>', 'how long to wait for the session, at most 60 (seconds)', readDuration)
    .option('--reach <address>', `where it is reached from now on: ${triggerAddressForm}`)
    .option('--json', 'print JSON')
    .action((id: string, _own, command: Command) => run(scene, id, command.optsWithGlobals<TriggerOptions>()));
  example(trigger, 'postern server trigger urn:imei:490154203237518 --wait 30');
}

async function run(scene: Scene, id: string, options: TriggerOptions): Promise<void> {
  const wait = Math.min(options.wait ?? 0, longestWait) / 1000;
  const trigger = await smallServerOf(scene, options).triggerClient({ id, wait, reach: options.reach });
  const said = {
    answered: `${id} has opened session ${trigger.sessionId}`,
    waiting: `Session ${trigger.sessionId} of ${id} is awaited; the trigger goes again until it comes`,
    'given-up': `Session ${trigger.sessionId} of ${id} did not come`,
  }[trigger.state];
  print(scene, options, trigger, () => `${said}${trigger.problem === undefined ? '' : `\n${trigger.problem}`}\n`);
  if (options.wait !== undefined && trigger.state !== 'answered') scene.finish(exitCodes.unfinished);
}
