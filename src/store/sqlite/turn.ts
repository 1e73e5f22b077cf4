import type { PosternError } from '#src/base/index.js';

/** The writes of one turn: they are kept together or not at all. */
export class Turn {
  /** Why what was written can no longer be kept. */
  failure: PosternError | undefined;
  #outcome: { promise: Promise<void>; resolve: () => void; reject: (failure: PosternError) => void } | undefined;

  /** Whether anybody wants to hear of the end. */
  get awaited(): boolean {
    return this.#outcome !== undefined;
  }

  /** Resolves when this turn is on the disk, rejects if it cannot be kept. */
  ended(): Promise<void> {
    this.#outcome ??= outcome();
    return this.#outcome.promise;
  }

  end(failure: PosternError | undefined): void {
    if (failure) this.#outcome?.reject(failure);
    else this.#outcome?.resolve();
  }
}

function outcome() {
  let resolve = () => {};
  let reject = (_failure: PosternError) => {};
  const promise = new Promise<void>((keep, lose) => {
    resolve = keep;
    reject = lose;
  });
  return { promise, resolve, reject };
}
