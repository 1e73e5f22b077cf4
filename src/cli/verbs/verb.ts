import { join } from 'node:path';
import type { Command } from 'commander';
import {
  type ControlClient,
  controlSocketName,
  createControlClient,
  createSmallServerClient,
  type SmallServerClient,
  smallServerSocketName,
} from '#src/control/index.js';
import { type ExitCode, exitCodes } from '../exit-codes.js';
import type { CommandLinePorts } from '../ports.js';

/** What every verb is made with. */
export interface Scene {
  readonly ports: CommandLinePorts;
  /** Tells how the verb ended; ok if never called. */
  finish(code: number): void;
}

/** Options that every verb has. */
export interface CommonOptions {
  readonly socket?: string;
  readonly state?: string;
  readonly json?: boolean;
}

/** The running gateway that the options name. */
export function gatewayOf(scene: Scene, options: CommonOptions): ControlClient {
  return createControlClient({ socket: options.socket ?? join(stateFolder(scene, options), controlSocketName) });
}

/** The running small DM server that the options name. */
export function smallServerOf(scene: Scene, options: CommonOptions): SmallServerClient {
  return createSmallServerClient({ socket: options.socket ?? join(stateFolder(scene, options), smallServerSocketName) });
}

/** Prints a value for a machine if it was asked for, else the text for a person. */
export function print(scene: Scene, options: CommonOptions, value: unknown, text: () => string): void {
  scene.ports.out(options.json === true ? `${JSON.stringify(value, undefined, 2)}\n` : text());
}

/** Adds the example that every verb's help ends with. */
export function example(command: Command, ...lines: readonly string[]): Command {
  return command.addHelpText('after', `\nExample:\n${lines.map((line) => `  ${line}`).join('\n')}`);
}

/** Ends with `failed` unless all went well. */
export function finishWith(scene: Scene, ok: boolean, otherwise: ExitCode = exitCodes.failed): void {
  if (!ok) scene.finish(otherwise);
}

function stateFolder({ ports }: Scene, options: CommonOptions): string {
  // systemd lists several directories with colons between them; the first is ours.
  const given = options.state ?? ports.env['STATE_DIRECTORY']?.split(':')[0];
  return given ? given : join(ports.home, '.local', 'state', 'postern');
}
