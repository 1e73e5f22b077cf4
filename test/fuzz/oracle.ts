import { isPosternError } from '#src/base/index.js';

/** What a reader gives; undefined where it refuses with an error of the table whose code begins so. Any other failure is thrown on. */
export function valueOrRefusal<T>(prefix: string, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isPosternError(error) && error.code.startsWith(prefix)) return undefined;
    throw error;
  }
}

/** Ours: fails when something that always holds does not. */
export function hold(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(`does not hold: ${what}`);
}
