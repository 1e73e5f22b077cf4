import { isPosternError, type PosternError } from '#src/base/index.js';

/** Whether the store could not do what was asked, as on a full disk: nobody's mistake, and it may do it later. */
export function isStoreFailure(error: unknown): error is PosternError {
  return failures.some((code) => isPosternError(error, code));
}

const failures = ['store.full', 'store.busy', 'store.input-output', 'store.lost', 'store.damaged'] as const;
