export { exitCodeMeanings, exitCodeOf, exitCodes } from './exit-codes.js';
export type { CommandLinePorts, DemoOptions, DeviceOptions, RunOptions, ServerOptions, TriggerOptions } from './ports.js';
export { buildProgram, runCommandLine } from './program.js';
