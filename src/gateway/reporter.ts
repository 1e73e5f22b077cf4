import { fullJitter, type Timer } from '#src/base/index.js';
import { rememberedDevInfo } from './device-facts.js';
import type { Environment } from './environment.js';
import type { NorthEnd } from './north-session.js';
import type { NorthSessions } from './north-sessions.js';
import { runOwnSession } from './own-session.js';
import type { OwnDescription } from './own-tree.js';
import { type Account, gatewayOwner } from './ports.js';
import { StartRate } from './start-rate.js';

/** Sessions for reports that run at once: after an outage not everybody returns together. */
const maxAtOnce = 4;
/** New sessions in any second, unless the settings say otherwise. */
const usualRate = 20;
/** How long nothing is sent after a failure of our own. */
const afterFailure = 5_000;

/**
 * Sends what waits in the outbox when its time has come: the gateway's reports in its own session, a device's alerts in
 * a session in its name that answers commands with 1223, because the device is not there.
 */
export class Reporter {
  readonly #env: Environment;
  readonly #north: NorthSessions;
  readonly #description: OwnDescription;
  readonly #running = new Map<string, Promise<void>>();
  readonly #rate: StartRate;
  #timer: Timer | undefined;
  #stopped = false;

  constructor(env: Environment, north: NorthSessions, description: OwnDescription) {
    this.#env = env;
    this.#north = north;
    this.#description = description;
    this.#rate = new StartRate(env.clock, env.settings.retry.sessionsPerSecond ?? usualRate);
  }

  /** Looks at what is due, now and whenever something has changed. */
  wake(): void {
    if (this.#stopped) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    const now = this.#env.clock.now();
    const waiting = this.#env.store.outbox.due().filter(({ owner, serverId }) => !this.#running.has(`${owner}\n${serverId}`));
    for (const { owner, serverId, nextAt } of waiting) {
      if (nextAt > now || this.#running.size >= maxAtOnce) return this.#wait(nextAt - now);
      const { wait } = this.#rate;
      if (wait > 0) return this.#wait(wait);
      this.#rate.count();
      this.#start(owner, serverId);
    }
  }

  /** Starts nothing more and waits for what runs. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    await Promise.all(this.#running.values());
  }

  #wait(delay: number): void {
    // A timer's delay has 31 bits; whoever has to wait longer looks again.
    if (this.#running.size < maxAtOnce)
      this.#timer = this.#env.clock.timer('outbox', Math.min(Math.max(delay, 0), 2 ** 31 - 1), () => this.wake());
  }

  #start(owner: string, serverId: string): void {
    const key = `${owner}\n${serverId}`;
    const run = this.#send(owner, serverId)
      .then(
        () => true,
        (error: unknown) => this.#env.log.error({ owner, serverId, err: error }, 'sending reports failed'),
      )
      .then((went) => {
        this.#running.delete(key);
        if (went) this.wake();
        else this.#rest();
      });
    this.#running.set(key, run);
  }

  /** What failed here, on a full disk say, could not be postponed in the outbox: it is due again at once, and would fail again. */
  #rest(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (!this.#stopped) this.#wait(afterFailure);
  }

  async #send(owner: string, serverId: string): Promise<void> {
    const account = this.#env.store.accounts.get(owner, serverId);
    // An account that is there and cannot be read may be repaired: what waits for it is kept.
    if (account === undefined && this.#env.store.accounts.has(owner, serverId)) return this.#holdBack(owner, serverId, false);
    if (account === undefined) return this.#forget(owner, serverId);
    // The session that is open now may carry them.
    await this.#north.idle(account);
    if (this.#stopped || !this.#hasDue(owner, serverId)) return;
    const { reason } =
      owner === gatewayOwner ? await runOwnSession(this.#env, this.#north, this.#description, account) : await this.#sendForDevice(account);
    this.#holdBack(owner, serverId, reason === 'complete' || reason === 'aborted');
  }

  #hasDue(owner: string, serverId: string): boolean {
    const now = this.#env.clock.now();
    return this.#env.store.outbox.pending(owner, serverId).some(({ nextAt }) => nextAt <= now);
  }

  async #sendForDevice(account: Account): Promise<NorthEnd> {
    const device = this.#env.store.inventory.get(account.owner);
    // Its record cannot be read, or nothing of it is told before it is admitted.
    if (device === undefined || device.presence === 'quarantined') return { kind: 'end', reason: 'silence' };
    const { maxObjSize } = this.#env.settings.offer;
    const opening = { code: '1201', devInfo: rememberedDevInfo(device), devId: device.id, maxObjSize } as const;
    return this.#north.run(account, opening, async ({ first, session }) => {
      const turn = first.kind === 'commands' ? await session.abort() : first;
      return turn.kind === 'end' ? turn : { kind: 'end', reason: 'aborted' };
    });
  }

  /** Never spins: what a session has carried in vain waits, and after a session that failed all the rest too. */
  #holdBack(owner: string, serverId: string, isReached: boolean): void {
    const { clock, entropy, settings, store } = this.#env;
    const now = clock.now();
    for (const { id, nextAt, attempts } of store.outbox.pending(owner, serverId)) {
      const isDue = nextAt <= now && (attempts > 0 || !isReached);
      if (isDue) store.outbox.postpone(id, now + 1 + fullJitter(settings.retry, attempts, entropy));
    }
  }

  #forget(owner: string, serverId: string): void {
    const now = this.#env.clock.now();
    for (const entry of this.#env.store.outbox.pending(owner, serverId)) this.#env.store.outbox.settle(entry.id, 'expired', now);
    this.#env.log.warn({ owner, serverId }, 'reports were dropped because their account is gone');
  }
}
