import { fullJitter, type Timer } from '#src/base/index.js';
import type { Environment, GatewaySettings } from '../environment.js';
import type { PendingTrigger } from './ports.js';

/** Sessions that triggers make us open at once. */
const maxAtOnce = 4;

export interface AttemptParts {
  readonly env: Pick<Environment, 'clock' | 'entropy' | 'log'> & { readonly settings: Pick<GatewaySettings, 'retry'> };
  /** What is to have a session now, the oldest first. */
  readonly pending: () => readonly PendingTrigger[];
  /** Opens the session; afterwards the trigger is no longer pending, unless the session failed. */
  readonly run: (trigger: PendingTrigger) => Promise<void>;
}

/** Opens the sessions that servers want with the gateway itself; one that failed again later, each after its own random delay. */
export class OwnAttempts {
  readonly #parts: AttemptParts;
  /** By key; in memory only, for a restart may well begin anew. */
  readonly #failed = new Map<string, { readonly attempts: number; readonly nextAt: number }>();
  readonly #running = new Map<string, Promise<void>>();
  #timer: Timer | undefined;
  #stopped = false;

  constructor(parts: AttemptParts) {
    this.#parts = parts;
  }

  /** Looks at what is pending, now and whenever something has changed. */
  wake(): void {
    if (this.#stopped) return;
    this.#timer?.cancel();
    const { clock } = this.#parts.env;
    const pending = this.#parts.pending();
    this.#forgetOthers(pending);
    for (const trigger of pending) if (this.#nextAt(trigger) <= clock.now()) this.#start(trigger);
    // The end of a session looks again by itself.
    if (this.#running.size >= maxAtOnce) return;
    const next = Math.min(...pending.filter(({ serverId }) => !this.#running.has(serverId)).map((trigger) => this.#nextAt(trigger)));
    if (Number.isFinite(next)) this.#timer = clock.timer('trigger-retry', Math.max(next - clock.now(), 1), () => this.wake());
  }

  /** Starts nothing more and waits for what runs. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    await Promise.all(this.#running.values());
  }

  #nextAt(trigger: PendingTrigger): number {
    return this.#failed.get(keyOf(trigger))?.nextAt ?? 0;
  }

  /** One at a time for each server: what it wants may be done with the first. */
  #start(trigger: PendingTrigger): void {
    const { serverId } = trigger;
    if (this.#running.has(serverId) || this.#running.size >= maxAtOnce) return;
    const run = this.#parts
      .run(trigger)
      .catch((error: unknown) => this.#parts.env.log.error({ serverId, err: error }, 'a session that a trigger wanted failed'))
      .then(() => {
        this.#running.delete(serverId);
        this.#holdBack(trigger);
        this.wake();
      });
    this.#running.set(serverId, run);
  }

  /** Waits with it; if it is pending no longer, the next look forgets it. */
  #holdBack(trigger: PendingTrigger): void {
    const { clock, entropy, settings } = this.#parts.env;
    const attempts = this.#failed.get(keyOf(trigger))?.attempts ?? 0;
    const nextAt = clock.now() + Math.max(1, fullJitter(settings.retry, attempts, entropy));
    this.#failed.set(keyOf(trigger), { attempts: attempts + 1, nextAt });
  }

  #forgetOthers(pending: readonly PendingTrigger[]): void {
    const keys = new Set(pending.map(keyOf));
    for (const key of this.#failed.keys()) if (!keys.has(key)) this.#failed.delete(key);
  }
}

function keyOf({ serverId, nonce, sessionId }: PendingTrigger): string {
  return `${serverId}\n${nonce}\n${sessionId}`;
}
