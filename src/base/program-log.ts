import type { Log } from './log.js';

export interface LogOptions {
  readonly level: string;
  /** `auto`: readable on a terminal, JSON elsewhere. */
  readonly format: 'auto' | 'json' | 'pretty';
  /** Names of fields that are never written, as pino's `redact` takes them. */
  readonly redact: readonly string[];
}

/** The log of a program: a JSON object per line on standard error, readable where a person looks at it. */
export async function createProgramLog({ level, format, redact }: LogOptions): Promise<Log> {
  const { pino } = await import('pino');
  const pretty = format === 'pretty' || (format === 'auto' && process.stderr.isTTY);
  const options = { level, base: null, redact: { paths: [...redact], censor: '[secret]' }, serializers: { err: pino.stdSerializers.err } };
  if (!pretty) return pino(options, pino.destination({ dest: 2, sync: true }));
  const { PinoPretty } = await import('pino-pretty');
  return pino(options, PinoPretty({ destination: 2, sync: true, colorize: process.stderr.isTTY, translateTime: 'SYS:HH:MM:ss' }));
}
