/** What lets peers in. */
export interface Door {
  /** How many connections are open now. */
  readonly connections: number;
}

/** The doors that are open, by what the metrics call them. */
export class Doors {
  readonly #open = new Map<string, Door>();

  /** @param door undefined: the configuration has none */
  add(name: 'south' | 'proxy' | 'broker' | 'trigger', door: Door | undefined): void {
    if (door !== undefined) this.#open.set(name, door);
  }

  count(name: string): number {
    return this.#open.get(name)?.connections ?? 0;
  }

  counts(): Record<string, number> {
    return Object.fromEntries([...this.#open].map(([name, { connections }]) => [name, connections]));
  }
}
