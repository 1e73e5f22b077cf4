import type { Log } from './log.js';
import { RecentLines } from './recent-lines.js';
import { TurnLines } from './turn-lines.js';

export interface LogOptions {
  readonly level: string;
  /** `auto`: readable on a terminal, JSON elsewhere. */
  readonly format: 'auto' | 'json' | 'pretty';
  /** A copy of the fields without what must not be written. */
  readonly redact: (fields: Record<string, unknown>) => Record<string, unknown>;
}

export interface ProgramLog extends Log {
  /** The last lines, as JSON and the oldest first: they outlive a standard error that nobody kept. */
  recent(): string[];
}

/** What is kept of the log for whoever asks, in bytes. */
const recentBytes = 256 * 1024;

/** The log of a program: a JSON object per line on standard error, readable where a person looks at it. */
export async function createProgramLog({ level, format, redact }: LogOptions): Promise<ProgramLog> {
  const { destination, pino, stdSerializers } = await import('pino');
  // One pass over the fields, to any depth: pino's own `redact` goes along each of its paths, and costs ten times as much for each line.
  const serializers = { err: (error: Error) => redact({ ...stdSerializers.err(error) }) };
  const isPretty = format === 'pretty' || (format === 'auto' && process.stderr.isTTY);
  const out = isPretty ? await readable() : destination({ dest: 2, sync: true });
  const lines = new RecentLines(recentBytes);
  const said = new TurnLines((text) => out.write(text));
  process.on('exit', () => said.flush());
  const both = {
    write(line: string) {
      said.push(line);
      lines.push(line);
    },
  };
  const logger = pino({ level, base: null, formatters: { log: redact }, serializers }, both);
  return {
    debug: (fields: object, message: string) => logger.debug(fields, message),
    info: (fields: object, message: string) => logger.info(fields, message),
    warn: (fields: object, message: string) => logger.warn(fields, message),
    error: (fields: object, message: string) => {
      logger.error(fields, message);
      said.flush();
    },
    recent: () => lines.read(),
  };
}

async function readable() {
  const { PinoPretty } = await import('pino-pretty');
  return PinoPretty({ destination: 2, sync: true, colorize: process.stderr.isTTY, translateTime: 'SYS:HH:MM:ss' });
}
