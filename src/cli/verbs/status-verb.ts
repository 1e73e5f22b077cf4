import type { Command } from 'commander';
import { visible } from '../table.js';
import { type CommonOptions, example, finishWith, gatewayOf, print, type Scene } from './verb.js';

/** `status`: how the running gateway is. */
export function addStatus(program: Command, scene: Scene): void {
  const status = program
    .command('status')
    .description('tell how the running gateway is, and what is not as it should be; fails in safe mode')
    .option('--json', 'print JSON')
    .action(async (_own, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const now = await gatewayOf(scene, options).status();
      const copy = now.damagedCopy === undefined ? [] : [`A copy is kept as ${now.damagedCopy}.`];
      const lines = [`${now.state} (version ${now.version}, process ${now.pid})`, ...now.reasons, ...copy];
      print(scene, options, now, () => lines.map((line) => `${visible(line)}\n`).join(''));
      finishWith(scene, now.state !== 'safe-mode');
    });
  example(status, 'postern status');
}
