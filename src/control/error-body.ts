import { z } from 'zod';
import { type ErrorCode, type ErrorDetails, errorTable, isPosternError, PosternError } from '#src/base/index.js';
import { type Problem, problem, problemText } from './problem.js';

/** How a failure travels. `problems` comes with `control.invalid`. */
const errorBody = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
    problems: z.array(problem).optional(),
  }),
});
type ErrorBody = z.output<typeof errorBody>;

/** A request with mistakes, every one named. */
export class ControlInputError extends PosternError {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super('control.invalid', { problems: problemText(problems) });
    this.problems = problems;
  }
}

const statuses: Partial<Record<ErrorCode, number>> = {
  'control.invalid': 400,
  'control.too-large': 413,
  'control.no-route': 404,
  'control.not-found': 404,
  'control.exists': 409,
  'control.declared': 409,
  'control.not-possible': 409,
  'control.no-trigger': 409,
  'control.unavailable': 503,
};

/** The HTTP status for a failure: 500 unless the contract knows it. */
export function httpStatusOf(error: unknown): number {
  if (!isPosternError(error)) return 500;
  return statuses[error.code] ?? (error.code.startsWith('store.') ? 503 : 500);
}

/** Writes a failure for the caller; of a bug nothing is told, because it may hold anything. */
export function formatError(error: unknown): ErrorBody {
  const told = isPosternError(error) ? error : new PosternError('control.internal');
  const problems = told instanceof ControlInputError ? { problems: [...told.problems] } : {};
  return { error: { code: told.code, message: told.message, details: told.details, ...problems } };
}

/** Reads a failure back as the error that was thrown at the other side. */
export function parseError(json: unknown): PosternError | undefined {
  const parsed = errorBody.safeParse(json);
  if (!parsed.success) return undefined;
  const { code, message, details = {}, problems } = parsed.data.error;
  if (problems !== undefined) return new ControlInputError(problems);
  return isErrorCode(code) ? known(code, details) : new PosternError('control.refused', { message });
}

function known(code: ErrorCode, details: ErrorDetails): PosternError {
  return new PosternError(code, details);
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorTable, code);
}
