import { resolve } from 'node:path';
import { inspect } from 'node:util';
import { z } from 'zod';
import { type Refusal, readWholeFile } from './file-access.js';
import type { Surroundings } from './file-path.js';
import { ofKind, optionalSetting } from './setting.js';

/** Where a secret was written. */
export type SecretSource = { readonly file: string } | { readonly env: string } | { readonly value: string };

const longest = 255;
const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** A password that no log, listing or message shows; `reveal` is the only way to it. */
export class ConfiguredSecret {
  readonly #value: string;
  readonly #source: SecretSource;

  constructor(value: string, source: SecretSource) {
    this.#value = value;
    this.#source = source;
  }

  reveal(): string {
    return this.#value;
  }

  /** Whether it stands in the configuration file itself. */
  get inline(): boolean {
    return 'value' in this.#source;
  }

  /** Where it comes from, for a person. */
  toJSON(): SecretSource {
    return this.inline ? { value: '(not shown)' } : this.#source;
  }

  toString(): string {
    return '(secret)';
  }

  [inspect.custom](): string {
    return '(secret)';
  }
}

/** A secret: `{ file: path }`, `{ env: NAME }`, `{ value: … }` or the text itself. Read while the file is parsed. */
export function secret(around: Surroundings) {
  const schema = z.union([z.string(), sourceMap()]).transform((written, context) => {
    const source = typeof written === 'string' ? { value: written } : written;
    const outcome = resolveSecret(source, around);
    if (outcome instanceof ConfiguredSecret) return outcome;
    context.addIssue({ code: 'custom', params: outcome });
    return z.NEVER;
  });
  return ofKind(schema, {
    type: 'secret',
    allowed: `one of { file: path }, { env: NAME } or { value: "…" }`,
    secret: true,
    show: (value) => (value as ConfiguredSecret).toJSON(),
  });
}

function sourceMap() {
  return z.strictObject({
    file: optionalSetting(z.string(), { description: 'A file that has it, readable by nobody else.' }),
    env: optionalSetting(z.string(), { description: 'An environment variable that has it.' }),
    value: optionalSetting(z.string(), { description: 'The secret itself; better not.' }),
  });
}

function resolveSecret(source: z.output<ReturnType<typeof sourceMap>>, around: Surroundings): ConfiguredSecret | Refusal {
  const given = Object.keys(source);
  if (given.length !== 1)
    return { found: given.length === 0 ? 'a map without any of them' : given.join(' and '), allowed: 'one of file, env or value' };
  if (source.file !== undefined) return fromFile(resolve(around.directory, source.file));
  if (source.env !== undefined) return fromEnvironment(source.env, around.environment);
  return fit(source.value ?? '', { value: '' }, 'the value');
}

function fromFile(file: string): ConfiguredSecret | Refusal {
  const content = readWholeFile(file, { private: true, bytes: longest * 4 });
  return Buffer.isBuffer(content) ? fit(content.toString('utf8').replace(/\r?\n$/, ''), { file }, file) : content;
}

function fromEnvironment(env: string, environment: Surroundings['environment']): ConfiguredSecret | Refusal {
  const value = variableName.test(env) ? environment[env] : undefined;
  if (value !== undefined) return fit(value, { env }, `environment variable ${env}`);
  return { found: `environment variable ${env}: not set`, allowed: 'the name of an environment variable that is set' };
}

function fit(value: string, source: SecretSource, where: string): ConfiguredSecret | Refusal {
  if (/^[^\p{Cc}]+$/u.test(value) && value.length <= longest) return new ConfiguredSecret(value, source);
  const found =
    value === '' ? 'empty' : value.length > longest ? `more than ${longest} characters` : 'more than one line, or control characters';
  return { found: `${where}: ${found}`, allowed: `a secret of 1 to ${longest} characters on one line` };
}
