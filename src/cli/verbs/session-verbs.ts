import type { Command } from 'commander';
import { formatTable } from '../table.js';
import { type CommonOptions, example, gatewayOf, print, type Scene } from './verb.js';

const headings = ['LEG', 'DEVICE', 'SERVER', 'SESSION', 'STATE', 'SINCE', 'MESSAGES', 'BYTES'];

/** `sessions`: what goes on now. */
export function addSessions(program: Command, scene: Scene): void {
  const sessions = program
    .command('sessions')
    .description('list the sessions that are open now, on both legs')
    .option('--json', 'print JSON')
    .action(async (_own, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const open = await gatewayOf(scene, options).listSessions();
      const rows = open.map((one) => [one.leg, one.device, one.serverId, one.sessionId, one.state, one.startedAt, one.messages, one.bytes]);
      print(scene, options, open, () => formatTable(headings, rows));
    });
  example(sessions, 'postern sessions --json');
}
