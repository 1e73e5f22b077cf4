import { PosternError } from '#src/base/index.js';

/** One mistake in a configuration file. */
export interface ConfigurationProblem {
  readonly file: string;
  /** From 1; 0 for the file as a whole. */
  readonly line: number;
  /** Such as `devices[0].id`; empty for the file as a whole. */
  readonly key: string;
  readonly found: string;
  /** What to write instead. */
  readonly allowed: string;
  /** All of it in one sentence. */
  readonly message: string;
}

/** A configuration that cannot be used. The message has a line for each mistake, in the order of the file. */
export class ConfigurationError extends PosternError {
  readonly problems: readonly ConfigurationProblem[];

  constructor(file: string, problems: readonly ConfigurationProblem[], options?: ErrorOptions) {
    const count = problems.length === 1 ? '1 mistake' : `${problems.length} mistakes`;
    super('config.invalid', { file, count, problems: problems.map(formatProblem).join('\n') }, options);
    this.problems = problems;
  }
}

/** `file:line: message`, which editors and terminals make a link of. */
export function formatProblem(problem: ConfigurationProblem): string {
  const place = problem.line === 0 ? problem.file : `${problem.file}:${problem.line}`;
  return `${place}: ${problem.message}`;
}
