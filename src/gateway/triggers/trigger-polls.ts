import type { Clock, Milliseconds } from '#src/base/index.js';

export interface PollSettings {
  /** How long a poll waits for a trigger. */
  readonly wait: Milliseconds;
  /** Polls that wait at once; a further one is turned away. */
  readonly most: number;
}

export const defaultPollSettings: PollSettings = { wait: 55_000, most: 128 };

type Waiting = (trigger: Uint8Array | undefined) => void;

/** Triggers for devices that ask for them by HTTP long-poll: what waits for the device, and the polls that wait for it. */
export class TriggerPolls {
  readonly #clock: Clock;
  readonly #settings: PollSettings;
  /** At most one for each device, the latest. */
  readonly #offered = new Map<string, Uint8Array>();
  readonly #waiting = new Map<string, Waiting>();
  #closed = false;

  constructor(clock: Clock, settings: PollSettings) {
    this.#clock = clock;
    this.#settings = settings;
  }

  /** For the poll that waits, or else for the next one. */
  offer(device: string, trigger: Uint8Array): void {
    const waiting = this.#waiting.get(device);
    if (waiting === undefined) this.#offered.set(device, trigger);
    else waiting(trigger);
  }

  /** Nothing is offered to the device any more. */
  withdraw(device: string): void {
    this.#offered.delete(device);
  }

  /** Whether another device's poll has no room. */
  isFullFor(device: string): boolean {
    return this.#closed || (this.#waiting.size >= this.#settings.most && !this.#waiting.has(device));
  }

  /** Resolves with a trigger, each once, or with nothing: when it has waited long enough, the peer is gone, or another poll has come. */
  next(device: string, gone: AbortSignal): Promise<Uint8Array | undefined> {
    this.#waiting.get(device)?.(undefined);
    const offered = this.#offered.get(device);
    this.#offered.delete(device);
    if (offered !== undefined || this.#closed || gone.aborted) return Promise.resolve(offered);
    return new Promise((resolve) => {
      const nothing = () => end(undefined);
      const end: Waiting = (trigger) => {
        timer.cancel();
        gone.removeEventListener('abort', nothing);
        this.#waiting.delete(device);
        resolve(trigger);
      };
      const timer = this.#clock.timer('trigger-poll', this.#settings.wait, nothing);
      gone.addEventListener('abort', nothing);
      this.#waiting.set(device, end);
    });
  }

  /** Ends every poll and lets none in. */
  close(): void {
    this.#closed = true;
    for (const end of [...this.#waiting.values()]) end(undefined);
  }
}
