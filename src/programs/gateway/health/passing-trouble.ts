import { type Clock, isPosternError, type Milliseconds, PosternError } from '#src/base/index.js';
import { isErrno } from '#src/security/index.js';
import { freeRoom, leastRoom } from '#src/store/index.js';

/**
 * What a start-up failed for, where it may be over without anybody's doing anything to us: the disk is full or cannot be read now, or another
 * program has locked the database. Undefined: it failed for something else.
 */
export function passingTrouble(error: unknown, directory: string): PosternError | undefined {
  if (isPosternError(error, 'store.full') || isPosternError(error, 'store.busy')) return error;
  // For what SQLite maps into memory a full disk is an error of the disk.
  if (isPosternError(error, 'store.input-output')) return isFull(directory) ? full(directory, error) : error;
  return noRoom.some((code) => isErrno(error, code)) ? full(directory, error) : undefined;
}

export interface WaitingParts {
  readonly directory: string;
  readonly trouble: PosternError;
  /** Whether what was in trouble works now; throws what is wrong otherwise. */
  readonly attempt: () => void;
  readonly clock: Clock;
}

/** Resolves when a start is worth another try: there is room and the database opens, or something else is wrong with it now. */
export function untilWorthATry({ directory, trouble, attempt, clock }: WaitingParts): Promise<void> {
  const pause = isPosternError(trouble, 'store.busy') ? pauseWhenLocked : pauseOtherwise;
  return new Promise((resolve) => {
    const look = () => {
      if (isOver(directory, attempt)) resolve();
      else clock.timer('start-again', pause, look);
    };
    clock.timer('start-again', pause, look);
  });
}

/** Whoever waits for a lock does nothing else for two seconds. */
const pauseWhenLocked: Milliseconds = 10_000;
const pauseOtherwise: Milliseconds = 2_000;

const noRoom = ['ENOSPC', 'EDQUOT'] as const;

function isOver(directory: string, attempt: () => void): boolean {
  if (isFull(directory)) return false;
  try {
    attempt();
    return true;
  } catch (error) {
    // What does not pass is told by the start itself.
    return passingTrouble(error, directory) === undefined;
  }
}

function isFull(directory: string): boolean {
  return freeRoom(directory) < leastRoom;
}

function full(directory: string, cause: unknown): PosternError {
  return new PosternError('store.full', { file: directory }, { cause });
}
