import { type CommandLinePorts, runCommandLine } from '#src/cli/index.js';

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs one command line in this process and collects what it prints. */
export async function runVerb(args: readonly string[], ports: Partial<CommandLinePorts> = {}): Promise<Outcome> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCommandLine(args, {
    ...idlePorts,
    out: (text) => out.push(text),
    err: (text) => err.push(text),
    ...ports,
  });
  return { code, out: out.join(''), err: err.join('') };
}

/** Ports of a process that has nothing: no environment, no input, and programs that end at once. */
export const idlePorts: CommandLinePorts = {
  version: '0.0.0',
  env: {},
  home: '/nonexistent',
  out: () => {},
  err: () => {},
  outBytes: () => {},
  readStandardInputBytes: () => Promise.reject(new Error('standard input was not expected')),
  readStandardInput: () => Promise.reject(new Error('standard input was not expected')),
  run: async () => 0,
  server: async () => 0,
  device: async () => 0,
  demo: async () => 0,
  trigger: async () => {},
};
