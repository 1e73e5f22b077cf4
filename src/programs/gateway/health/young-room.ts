import { performance } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { collectGarbage } from './collect-garbage.js';

/** Below this share of the ceiling the room for new objects may grow as V8 likes; what it has grown to it keeps. */
const roomyUntil = 0.5;
/** From here on it does not grow at all. */
const shortFrom = 0.85;
/** What it may grow to in between, in bytes: both halves. With twice the room a session costs an eighth less. */
const modest = 4 * 1024 * 1024;
/** Share of the time that the event loop had something to do: below that more room would save nothing. */
const busyFrom = 0.5;

export interface YoungRoomParts {
  /** Tells V8 by which factor the room grows when much of it survives a collection; 1: not at all. */
  readonly grow?: (factor: number) => void;
  /** Bytes of both halves now. */
  readonly size?: () => number;
  readonly collect?: () => void;
  /** The share of the time since it was asked last that the event loop was busy. */
  readonly busy?: () => number;
}

/** Lets the room for new objects grow where memory is plenty, and to a modest size where there is much to do: the larger it is, the less often it is collected. */
export class YoungRoom {
  readonly #parts: Required<YoungRoomParts>;
  #roomy = false;
  #isFirst = true;

  constructor(parts: YoungRoomParts = {}) {
    this.#parts = { grow, size, collect: () => collectGarbage('minor'), busy: busyShare(), ...parts };
  }

  /** @param share of the ceiling that is used. @returns whether garbage was collected */
  follow(share: number): boolean {
    this.#becomeRoomy(share < roomyUntil);
    const isBusy = this.#isBusy();
    if (this.#roomy || share >= shortFrom || !isBusy || this.#parts.size() >= modest) return false;
    this.#growOnce();
    return true;
  }

  #becomeRoomy(roomy: boolean): void {
    if (roomy === this.#roomy) return;
    this.#roomy = roomy;
    this.#parts.grow(roomy ? 2 : 1);
  }

  /** What was done before the first look is the start. */
  #isBusy(): boolean {
    const isBusy = this.#parts.busy() >= busyFrom && !this.#isFirst;
    this.#isFirst = false;
    return isBusy;
  }

  /** V8 looks at the factor at the end of a collection: with one of ours it cannot grow twice. */
  #growOnce(): void {
    this.#parts.grow(2);
    this.#parts.collect();
    this.#parts.grow(1);
  }
}

function grow(factor: number): void {
  setFlagsFromString(`--semi-space-growth-factor=${factor}`);
}

function size(): number {
  return getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? 0;
}

function busyShare(): () => number {
  let before = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    return utilization;
  };
}
