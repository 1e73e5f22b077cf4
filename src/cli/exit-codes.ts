import { PosternError } from '#src/base/index.js';

/** How a verb ended; scripts may rely on these numbers. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  notRunning: 3,
  notFound: 4,
  conflict: 5,
  unfinished: 6,
  bug: 70,
  disk: 74,
  configuration: 78,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The same as rows for a person: number and meaning. */
export const exitCodeMeanings: readonly (readonly [ExitCode, string])[] = [
  [exitCodes.ok, 'It is done.'],
  [exitCodes.failed, 'It was tried and failed; the sentence on standard error says why.'],
  [exitCodes.usage, 'The command line or a value in it is not accepted; nothing was done.'],
  [exitCodes.notRunning, 'No gateway (or small DM server) answers at the socket.'],
  [exitCodes.notFound, 'What was named is not there.'],
  [exitCodes.conflict, 'It exists already, or only the configuration may change it.'],
  [exitCodes.unfinished, 'There was no end within the time that was given; it may still come.'],
  [exitCodes.bug, 'Postern itself is at fault; please report what it printed.'],
  [exitCodes.disk, 'The disk has failed to take or to give what is kept: start the program again, it looks at what is there.'],
  [exitCodes.configuration, 'The configuration has mistakes; every one was named.'],
];

const byErrorCode: Readonly<Record<string, ExitCode>> = {
  'control.invalid': exitCodes.usage,
  'control.not-running': exitCodes.notRunning,
  'control.not-found': exitCodes.notFound,
  'control.exists': exitCodes.conflict,
  'control.declared': exitCodes.conflict,
  'control.timeout': exitCodes.unfinished,
  'store.input-output': exitCodes.disk,
  'cli.unreadable': exitCodes.usage,
  'cli.unwritable': exitCodes.usage,
  'cli.missing-password': exitCodes.usage,
  'cli.bad-password': exitCodes.usage,
  'cli.one-stdin': exitCodes.usage,
};

/** The exit code for a failure: `bug` unless it was expected. */
export function exitCodeOf(error: unknown): ExitCode {
  if (!(error instanceof PosternError)) return exitCodes.bug;
  if (error.code.startsWith('config.')) return exitCodes.configuration;
  return byErrorCode[error.code] ?? exitCodes.failed;
}
