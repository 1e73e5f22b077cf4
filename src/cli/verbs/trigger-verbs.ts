import type { Command } from 'commander';
import { formatTable } from '../table.js';
import { type CommonOptions, example, gatewayOf, print, type Scene } from './verb.js';

const tellingHeadings = ['DEVICE TOLD', 'BY', 'TIMES', 'SINCE'];
const headings = ['TARGET', 'SERVER', 'SESSION', 'BY', 'UI MODE', 'INITIATOR', 'SINCE'];

/** `triggers`: which servers wait for a session. */
export function addTriggers(program: Command, scene: Scene): void {
  const triggers = program
    .command('triggers')
    .description('list the triggers (Package#0) that no session has answered yet, and the devices that are being told')
    .option('--json', 'print JSON, with how many were refused and why')
    .action(async (_own, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const found = await gatewayOf(scene, options).listTriggers();
      const rows = found.pending.map((one) => [
        one.target,
        one.serverId,
        one.sessionId,
        one.carrier,
        one.uiMode,
        one.initiator,
        one.receivedAt,
      ]);
      const tellings = found.telling.map(({ device, by, times, since }) => [device, by, times, since]);
      const told = () => (tellings.length === 0 ? '' : `\n${formatTable(tellingHeadings, tellings)}`);
      print(scene, options, found, () => formatTable(headings, rows) + told());
    });
  example(triggers, 'postern triggers --json');
}
