import { Command, CommanderError } from 'commander';
import { PosternError } from '#src/base/index.js';
import { exitCodeMeanings, exitCodeOf, exitCodes } from './exit-codes.js';
import type { CommandLinePorts } from './ports.js';
import { formatTable } from './table.js';
import { addAccounts } from './verbs/account-verbs.js';
import { addConfig } from './verbs/config-verbs.js';
import { addDevices } from './verbs/device-verbs.js';
import { addDhcpEvent } from './verbs/dhcp-event-verb.js';
import { addDiagnostics } from './verbs/diagnostics-verb.js';
import { addMessage } from './verbs/message-verb.js';
import { addDemo, addDevice, addRun, addServer } from './verbs/program-verbs.js';
import { addServerVerbs } from './verbs/server-verbs.js';
import { addSessions } from './verbs/session-verbs.js';
import { addStatus } from './verbs/status-verb.js';
import { addSendTrigger } from './verbs/trigger-verb.js';
import { addTriggers } from './verbs/trigger-verbs.js';
import { example, type Scene } from './verbs/verb.js';

/**
 * The whole command line. Its actions tell `finish` how they ended if not with 0, and throw what failed.
 * @see runCommandLine for what a process does with it
 */
export function buildProgram(ports: CommandLinePorts, finish: (code: number) => void): Command {
  const scene: Scene = { ports, finish };
  const program = new Command('postern')
    .description('The DM Gateway of OMA Device Management')
    .version(ports.version)
    .option('--socket <path>', 'socket of the running gateway or small DM server (default: in its state folder)')
    .exitOverride()
    .configureOutput({ writeOut: ports.out, writeErr: ports.err, outputError: (text, write) => write(text.replace(/^error:/, 'postern:')) })
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('See the options with --help.')
    .addHelpText('after', '\nExample:\n  postern demo\n\nExit codes: postern exit-codes');
  addRun(program, scene);
  addServerVerbs(addServer(program, scene), scene);
  addDevice(program, scene);
  addDemo(program, scene);
  addStatus(program, scene);
  addDiagnostics(program, scene);
  addDevices(program, scene);
  addAccounts(program, scene);
  addSessions(program, scene);
  addTriggers(program, scene);
  addSendTrigger(program, scene);
  addDhcpEvent(program, scene);
  addConfig(program, scene);
  addMessage(program, scene);
  addExitCodes(program, scene);
  return program;
}

/** Runs one command line; resolves with its exit code when it has ended. What failed is one sentence on standard error. */
export async function runCommandLine(args: readonly string[], ports: CommandLinePorts): Promise<number> {
  let code: number = exitCodes.ok;
  try {
    await buildProgram(ports, (told) => {
      code = told;
    }).parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    return failed(error, ports);
  }
}

function failed(error: unknown, ports: CommandLinePorts): number {
  // Commander has printed its own sentence, or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  ports.err(error instanceof PosternError ? `postern: ${error.message}\n` : bugReport(error));
  return exitCodeOf(error);
}

function bugReport(error: unknown): string {
  return `postern: this is a mistake in Postern, please report it: ${error instanceof Error ? error.stack : String(error)}\n`;
}

function addExitCodes(program: Command, { ports }: Scene): void {
  const table = formatTable(['CODE', 'MEANING'], exitCodeMeanings);
  const made = program
    .command('exit-codes')
    .description('tell what the exit codes mean')
    .action(() => ports.out(table))
    .addHelpText('after', `\n${table}`);
  example(made, 'postern exit-codes');
}
