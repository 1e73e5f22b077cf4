import { fullJitter } from '#src/base/index.js';
import type { ClientAlert } from '#src/dm/client/index.js';
import type { Alert } from '#src/dm/syncml/index.js';
import type { Environment } from '../environment.js';
import type { OutboxAlert } from '../ports.js';
import { settlementOf } from './settlement.js';

/** Reports that one session carries at most; the rest follows in the next. */
const batch = 32;

/** A report as it is kept. */
export type Report = Omit<Alert, 'CmdID' | 'name'>;

/** The reports of one owner for one server, on their way: sent in a session, settled by the server's Status. */
export class OutboxBatch {
  readonly #env: Environment;
  readonly #owner: string;
  readonly #serverId: string;
  /** On their way, without a Status yet. */
  #taken = new Map<string, OutboxAlert>();
  /** All that this session has carried: what the server did not take goes again in a later one. */
  readonly #carried = new Set<number>();

  constructor(env: Environment, owner: string, serverId: string) {
    this.#env = env;
    this.#owner = owner;
    this.#serverId = serverId;
  }

  /** Reports that wait and have not been in this session yet, the oldest first. */
  take(): ClientAlert[] {
    const { outbox } = this.#env.store;
    const fresh = outbox
      .pending(this.#owner, this.#serverId)
      .filter((entry) => !this.#carried.has(entry.id))
      .slice(0, batch);
    for (const entry of fresh) {
      this.#taken.set(String(entry.id), entry);
      this.#carried.add(entry.id);
    }
    return fresh.flatMap((entry) => this.#alertOf(entry) ?? []);
  }

  /** Hears the server's Status for one report. */
  settle(ref: string, status: string): void {
    const entry = this.#taken.get(ref);
    if (entry === undefined) return;
    this.#taken.delete(ref);
    const settlement = settlementOf(status);
    const about = { owner: entry.owner, serverId: entry.serverId, origin: entry.origin, status };
    if (settlement === 'retry') return this.#postpone(entry, true);
    this.#env.store.outbox.settle(entry.id, settlement, this.#env.clock.now());
    this.#env.counters?.add('postern_reports_settled_total', { outcome: settlement });
    if (settlement === 'refused') this.#env.log.warn(about, 'the server refused a report for good');
    else this.#env.log.info(about, 'the server took a report');
  }

  /**
   * Whatever got no Status goes again; what is too old is given up.
   * @param isHeard the server has answered, and so each waits for a random delay of its own. If not, the account waits, which costs no write; only what
   * was left to the session of its device is due now that this is over
   */
  close(isHeard: boolean): void {
    for (const entry of this.#taken.values()) this.#postpone(entry, isHeard);
    this.#taken = new Map();
  }

  /** One that cannot be read any more is given up: what comes after it must not wait for it. */
  #alertOf(entry: OutboxAlert): ClientAlert | undefined {
    try {
      return { ref: String(entry.id), alert: JSON.parse(entry.alert) as Report };
    } catch {
      const { clock, log, store } = this.#env;
      this.#taken.delete(String(entry.id));
      store.outbox.settle(entry.id, 'refused', clock.now());
      log.error({ row: `outbox ${entry.id}`, owner: entry.owner, serverId: entry.serverId }, 'a report cannot be read and is given up');
      return undefined;
    }
  }

  #postpone(entry: OutboxAlert, isHeard: boolean): void {
    const { clock, counters, entropy, settings, store, log } = this.#env;
    const now = clock.now();
    if (now - entry.createdAt > settings.retry.maxAge) {
      store.outbox.settle(entry.id, 'expired', now);
      counters?.add('postern_reports_settled_total', { outcome: 'expired' });
      log.warn({ owner: entry.owner, serverId: entry.serverId, origin: entry.origin }, 'a report became too old and was given up');
    } else if (isHeard || entry.nextAt > now)
      store.outbox.postpone(entry.id, now + Math.max(1, fullJitter(settings.retry, entry.attempts, entropy)));
  }
}
