import type { Milliseconds } from '#src/base/index.js';
import { Batch } from './batch.js';
import type { Environment } from './environment.js';
import type { CommandRecord, Order, OrderOutcome } from './ports.js';

/** Orders that go in one package; the rest follow in the next of the same session. */
const maxBatch = 64;

const noAnswer = { statuses: [], results: [] } as const;

/**
 * The commands for each client, from order to outcome. None runs twice: what has been sent and not been answered when the session
 * is gone is in doubt, and is aborted when the client comes again.
 */
export class CommandQueue {
  readonly #env: Environment;
  /** Those who wait for the end of a command. */
  readonly #waiting = new Map<number, Set<() => void>>();
  #closed = false;

  constructor(env: Environment) {
    this.#env = env;
  }

  /** Undefined where too many wait already. */
  add(client: string, order: Order): number | undefined {
    const { commands } = this.#env.store;
    if (commands.queued(client) >= this.#env.settings.maxQueued) return undefined;
    return commands.add(client, order, this.#env.clock.now());
  }

  get(id: number): CommandRecord | undefined {
    return this.#env.store.commands.get(id);
  }

  /** Takes what is queued for a client that is there; undefined when there is nothing. */
  take(client: string): Batch | undefined {
    const records = this.#env.store.commands.take(client, maxBatch);
    return records.length === 0 ? undefined : new Batch(records);
  }

  /** A client has come again: what an earlier session left without an answer may have been executed or not. */
  abandon(client: string): void {
    for (const id of this.#env.store.commands.sent(client)) {
      this.#abort(id, 'in doubt: its session ended before the client said what became of it');
      this.#env.log.warn({ client, command: id }, 'a command is in doubt: it was sent, and its session ended without an answer');
    }
  }

  /** The client has closed its package: everything that was asked has its answer, or will never have one. */
  settle(batch: Batch): void {
    for (const id of batch.ids) {
      const outcome = batch.outcome(id);
      if (outcome !== undefined) this.#done(id, outcome);
      else this.#abort(id, 'in doubt: the client said nothing about it');
    }
  }

  /**
   * The session of a batch is over before its package was.
   * @param wasSent whether an order has left
   * @param refused the client itself ended it, and with that has executed nothing that it said nothing about
   */
  release(batch: Batch, { wasSent, refused }: { readonly wasSent: (id: number) => boolean; readonly refused: boolean }): void {
    for (const id of batch.ids) {
      const outcome = batch.outcome(id);
      if (outcome !== undefined) this.#done(id, outcome);
      else if (!wasSent(id) || (refused && !batch.hasStatus)) this.#env.store.commands.putBack(id);
    }
  }

  /** Resolves when the command has ended or is gone, when the time is over, or when we stop. */
  ended(id: number, wait: Milliseconds): Promise<void> {
    if (wait <= 0 || this.#closed || !this.#isOpen(id)) return Promise.resolve();
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(id) ?? new Set();
      const timer = this.#env.clock.timer('command-wait', wait, () => wake());
      const wake = () => {
        timer.cancel();
        waiting.delete(wake);
        if (waiting.size === 0) this.#waiting.delete(id);
        resolve();
      };
      this.#waiting.set(id, waiting.add(wake));
    });
  }

  /** Wakes everybody whose command is over, be it that it is gone. */
  wakeEnded(): void {
    for (const id of [...this.#waiting.keys()]) if (!this.#isOpen(id)) this.#wake(id);
  }

  /** Nobody waits any longer. */
  close(): void {
    this.#closed = true;
    for (const id of [...this.#waiting.keys()]) this.#wake(id);
  }

  #isOpen(id: number): boolean {
    const state = this.get(id)?.state;
    return state === 'queued' || state === 'sent';
  }

  #done(id: number, outcome: OrderOutcome): void {
    this.#env.store.commands.settle(id, 'done', outcome, this.#env.clock.now());
    this.#wake(id);
  }

  #abort(id: number, reason: string): void {
    this.#env.store.commands.settle(id, 'aborted', { ...noAnswer, reason }, this.#env.clock.now());
    this.#wake(id);
  }

  #wake(id: number): void {
    for (const wake of [...(this.#waiting.get(id) ?? [])]) wake();
  }
}
