import { readFileSync } from 'node:fs';
import { PosternError } from '#src/base/index.js';
import { maxPasswordLength } from '#src/control/index.js';
import type { CommandLinePorts } from './ports.js';

/** One password that a verb may need. */
export interface PasswordSource {
  /** What a person calls it. */
  readonly what: string;
  /** The option that names its file, for instance `--password-file`. */
  readonly option: string;
  /** The file that was named; `-` is standard input. */
  readonly file: string | undefined;
  /** The environment variable that has it if no file was named. */
  readonly variable: string;
}

/**
 * Reads the passwords of one verb, in order; what was not given stays undefined.
 * Passwords are never values on a command line, where every user of the machine could read them.
 * @throws PosternError `cli.unreadable`, `cli.bad-password`, `cli.one-stdin`
 */
export async function readPasswords(sources: readonly PasswordSource[], ports: CommandLinePorts): Promise<(string | undefined)[]> {
  if (sources.filter(({ file }) => file === '-').length > 1) throw new PosternError('cli.one-stdin');
  return Promise.all(sources.map((source) => readPassword(source, ports)));
}

/** @throws PosternError `cli.missing-password` */
export function requirePassword(password: string | undefined, { what, option, variable }: PasswordSource): string {
  if (password === undefined) throw new PosternError('cli.missing-password', { what, option, variable });
  return password;
}

async function readPassword({ what, file, variable }: PasswordSource, ports: CommandLinePorts): Promise<string | undefined> {
  if (file === undefined) return checked(ports.env[variable], what, variable);
  const text = file === '-' ? await ports.readStandardInput() : readFile(file);
  return checked(text.replace(/\r?\n$/, ''), what, file === '-' ? 'standard input' : file);
}

function checked(password: string | undefined, what: string, source: string): string | undefined {
  if (password === undefined) return undefined;
  const found = mistakeIn(password);
  if (found !== undefined) throw new PosternError('cli.bad-password', { what, source, found, limit: maxPasswordLength });
  return password;
}

function mistakeIn(password: string): string | undefined {
  if (password === '') return 'nothing in it';
  if (/\p{Cc}/u.test(password)) return 'more than one line, or a control character';
  return password.length > maxPasswordLength ? `${password.length} characters` : undefined;
}

function readFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new PosternError('cli.unreadable', { file, why: cause instanceof Error ? cause.message : String(cause) }, { cause });
  }
}
