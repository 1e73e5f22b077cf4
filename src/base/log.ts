import type { LogFields, OnlyLogFields } from './log-fields.js';

/** What rooms need of a log; the programs bring pino. Fields of {@link logFieldTable} first, then the sentence. Never a secret. */
export interface Log {
  debug<Given extends LogFields>(fields: OnlyLogFields<Given>, message: string): void;
  info<Given extends LogFields>(fields: OnlyLogFields<Given>, message: string): void;
  warn<Given extends LogFields>(fields: OnlyLogFields<Given>, message: string): void;
  error<Given extends LogFields>(fields: OnlyLogFields<Given>, message: string): void;
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
