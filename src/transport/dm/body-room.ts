/** A body that is coming in: how much it holds, and what ends it. */
interface Incoming {
  bytes: number;
  readonly giveUp: () => void;
}

/**
 * What bodies that are not complete may hold together. Where they hold more the largest gives way: whoever fills the room loses it first, and a
 * message of the usual size is never the largest.
 */
export class BodyRoom {
  readonly #most: number;
  readonly #incoming = new Set<Incoming>();
  #held = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** A body begins. @param giveUp ends the body; called once at most */
  enter(giveUp: () => void): BodyShare {
    const incoming: Incoming = { bytes: 0, giveUp };
    this.#incoming.add(incoming);
    return { grow: (bytes) => this.#grow(incoming, bytes), leave: () => this.#leave(incoming) };
  }

  #grow(incoming: Incoming, bytes: number): void {
    if (!this.#incoming.has(incoming)) return;
    incoming.bytes += bytes;
    this.#held += bytes;
    while (this.#held > this.#most) {
      const largest = this.#largest();
      if (largest === undefined) return;
      this.#leave(largest);
      largest.giveUp();
    }
  }

  #largest(): Incoming | undefined {
    let largest: Incoming | undefined;
    for (const one of this.#incoming) if (one.bytes > (largest?.bytes ?? 0)) largest = one;
    return largest;
  }

  #leave(incoming: Incoming): void {
    if (this.#incoming.delete(incoming)) this.#held -= incoming.bytes;
  }
}

/** What one body has of the room. */
export interface BodyShare {
  grow(bytes: number): void;
  leave(): void;
}
