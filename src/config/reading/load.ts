import { dirname, resolve } from 'node:path';
import type { z } from 'zod';
import { readWholeFile } from '../values/file-access.js';
import type { Surroundings } from '../values/file-path.js';
import { ConfigurationError, type ConfigurationProblem } from './configuration-error.js';
import { schemaFindings } from './schema-findings.js';
import { withoutEmptySections } from './schema-walk.js';
import { type CrossCheck, settledValues } from './settled-values.js';
import { emptySource, parseYaml, type YamlSource } from './yaml-source.js';

/** The keys of a program's file and what they demand of each other. */
export interface Declaration<S extends z.ZodType> {
  schema(around: Surroundings): S;
  readonly checks: readonly CrossCheck[];
}

/** A file that was found right. */
export interface Loaded<Config> {
  readonly config: Config;
  readonly source: YamlSource;
}

const mostBytes = 1_048_576;

/** Reads, parses and checks; without a path everything has its default. @throws ConfigurationError with every mistake at once */
export function loadDeclared<S extends z.ZodType>(
  declaration: Declaration<S>,
  path: string | undefined,
  environment: Surroundings['environment'],
): Loaded<z.output<S>> {
  const source = path === undefined ? emptySource : parseYaml(path, readText(path));
  const schema = declaration.schema({ directory: dirname(resolve(path ?? '.')), environment });
  const data = withoutEmptySections(schema, source.data);
  const parsed = source.data === undefined ? undefined : schema.safeParse(data);

  const values = settledValues(schema, data);
  const findings = [...schemaFindings(schema, data, parsed?.error?.issues ?? []), ...declaration.checks.flatMap((check) => check(values))];
  const problems = [...source.problems, ...findings.map((finding) => source.problem(finding))];
  if (parsed?.success !== true || problems.length > 0) throw new ConfigurationError(source.file, problems.sort(byLine));
  return { config: parsed.data, source };
}

function readText(path: string): string {
  const content = readWholeFile(path, { private: false, bytes: mostBytes });
  if (!Buffer.isBuffer(content)) throw wholeFile(path, content.found.replace(`${path}: `, ''), content.allowed);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch (error) {
    throw wholeFile(path, 'not UTF-8', 'a text file in UTF-8', { cause: error });
  }
}

function wholeFile(file: string, found: string, allowed: string, options?: ErrorOptions): ConfigurationError {
  const message = `the file cannot be used: ${found}; allowed: ${allowed}`;
  return new ConfigurationError(file, [{ file, line: 0, key: '', found, allowed, message }], options);
}

function byLine(a: ConfigurationProblem, b: ConfigurationProblem): number {
  return a.line - b.line;
}
