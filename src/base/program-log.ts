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
  const { destination, pino, stdSerializers } = await import('pino');
  const options = { level, base: null, redact: { paths: [...redact], censor: '[secret]' }, serializers: { err: stdSerializers.err } };
  const isPretty = format === 'pretty' || (format === 'auto' && process.stderr.isTTY);
  const logger = pino(options, isPretty ? await readable() : destination({ dest: 2, sync: true }));
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
  };
}

async function readable() {
  const { PinoPretty } = await import('pino-pretty');
  return PinoPretty({ destination: 2, sync: true, colorize: process.stderr.isTTY, translateTime: 'SYS:HH:MM:ss' });
}
