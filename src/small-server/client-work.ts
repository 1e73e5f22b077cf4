import type { EndReason } from '#src/dm/session/index.js';
import type { Alert, Item, Reply, ServerCommand } from '#src/dm/syncml/index.js';
import type { AlertBook } from './alert-book.js';
import type { Batch } from './batch.js';
import { readFacts } from './client-facts.js';
import type { SessionEnd, SessionWork } from './client-session.js';
import type { CommandQueue } from './command-queue.js';
import type { Environment } from './environment.js';

export interface ClientWorkParts {
  readonly env: Environment;
  readonly queue: CommandQueue;
  readonly alerts: AlertBook;
  readonly isStopping: () => boolean;
  /** The DevId of the client. */
  readonly id: string;
  /** Called before anything of the client is touched. */
  readonly onAuthenticated: () => void;
  readonly onEnd: (reason: EndReason, detail: string | undefined) => void;
}

/** Ends by which the client itself says that it goes no further. */
const refusals: ReadonlySet<EndReason> = new Set(['aborted-by-peer', 'refused-by-peer']);

/** What a session with one client is for: hear what it says, give it its commands, keep what became of them. */
export class ClientWork implements SessionWork {
  readonly #parts: ClientWorkParts;
  #batch: Batch | undefined;

  constructor(parts: ClientWorkParts) {
    this.#parts = parts;
  }

  onNonce(whose: 'client' | 'server', nonce: string): void {
    this.#parts.env.store.clients.putNonce(this.#parts.id, whose, nonce);
  }

  onAuthenticated(): void {
    const { env, id, queue } = this.#parts;
    this.#parts.onAuthenticated();
    env.store.clients.recordContact(id, {}, env.clock.now());
    queue.abandon(id);
  }

  onDevInfo(devInfo: readonly Item[]): void {
    const { env, id } = this.#parts;
    env.store.clients.recordContact(id, readFacts(devInfo), env.clock.now());
  }

  judge(alerts: readonly Alert[]): readonly string[] {
    return this.#parts.alerts.judge(this.#parts.id, alerts);
  }

  next(replies: readonly Reply[]): readonly ServerCommand[] {
    const { queue, id, isStopping } = this.#parts;
    if (this.#batch !== undefined) {
      this.#batch.take(replies);
      queue.settle(this.#batch);
    }
    this.#batch = isStopping() ? undefined : queue.take(id);
    return this.#batch?.commands ?? [];
  }

  onEnd({ reason, detail, replies, wasSent }: SessionEnd): void {
    const batch = this.#batch;
    this.#batch = undefined;
    this.#parts.onEnd(reason, detail);
    if (batch === undefined) return;
    batch.take(replies);
    this.#parts.queue.release(batch, { wasSent: (id) => wasSent(String(id)), refused: refusals.has(reason) });
  }
}
