import type { ClientAlert } from '#src/dm/client/index.js';
import { OutboxBatch } from '../alerts/outbox.js';
import type { Environment } from '../environment.js';
import type { Account } from '../ports.js';
import { countStarted, noteEnded } from '../sessions/session-counts.js';
import { SessionMeter, type SessionView } from '../sessions/session-meter.js';
import { KeyedLock } from './keyed-lock.js';
import { type NorthOpening, NorthSession, type NorthTurn } from './north-session.js';
import type { ServerOutages } from './server-outages.js';

/** A north session with the reports that it carries. */
export interface NorthTalk {
  /** The first turn, after package 1 with the reports that wait. */
  readonly first: NorthTurn;
  /** Reports that came up meanwhile; they go with the next answer. */
  takeReports(): ClientAlert[];
  readonly session: NorthSession;
}

/** Opens sessions with DM servers: one at a time for each account, each with the reports that wait for that server. */
export class NorthSessions {
  readonly #env: Environment;
  readonly #outages: ServerOutages;
  readonly #lock = new KeyedLock();
  readonly #open = new Map<string, { readonly meter: SessionMeter; readonly session: NorthSession }>();
  #count = 0;
  #closed = false;

  /** @param outages hear of each server whether it answers */
  constructor(env: Environment, outages: ServerOutages) {
    this.#env = env;
    this.#outages = outages;
  }

  /** Runs a session and lets go of it afterwards, whatever happens. */
  run<T>(
    account: Account,
    opening: Omit<NorthOpening, 'alerts'> & { devId: string; maxObjSize: number },
    talk: (talk: NorthTalk) => Promise<T>,
  ): Promise<T> {
    return this.#lock.run(keyOf(account), () => this.#run(account, opening, talk));
  }

  /** Whether a session is open at the account. */
  isBusy(account: Pick<Account, 'owner' | 'serverId'>): boolean {
    return this.#lock.isTaken(keyOf(account));
  }

  /** Cuts what is open and lets nothing more out. */
  close(): void {
    this.#closed = true;
    for (const { session } of this.#open.values()) session.close();
  }

  views(): SessionView[] {
    return [...this.#open.values()].map(({ meter }) => meter.view);
  }

  async #run<T>(
    account: Account,
    opening: Omit<NorthOpening, 'alerts'> & { devId: string; maxObjSize: number },
    talk: (talk: NorthTalk) => Promise<T>,
  ): Promise<T> {
    const batch = new OutboxBatch(this.#env, account.owner, account.serverId);
    const meter = this.#meter(account);
    const party = {
      devId: opening.devId,
      maxObjSize: opening.maxObjSize,
      onAlertStatus: (ref: string, status: string) => batch.settle(ref, status),
    };
    const session = new NorthSession(this.#env, account, party, meter);
    this.#open.set(meter.id, { meter, session });
    countStarted(this.#env, 'north');
    try {
      const first = this.#closed ? stopping : await session.open({ ...opening, alerts: batch.take() });
      return await talk({ first, session, takeReports: () => batch.take() });
    } finally {
      session.close();
      batch.close(session.reach?.answered === true);
      if (session.reach !== undefined) this.#outages.heard(account, session.reach);
      if (opening.sessionId !== undefined && session.isHeld) {
        this.#env.triggers?.answered(account.owner, account.serverId, opening.sessionId);
      }
      this.#open.delete(meter.id);
      noteEnded(this.#env, { leg: 'north', device: account.owner, serverId: account.serverId, reason: session.outcome });
      await this.#env.store.committed();
    }
  }

  #meter({ owner, serverId }: Account): SessionMeter {
    this.#count += 1;
    return new SessionMeter({ id: `north-${this.#count}`, leg: 'north', device: owner, serverId, startedAt: this.#env.clock.now() });
  }
}

const stopping = { kind: 'end', reason: 'silence', detail: 'the gateway stops' } as const;

function keyOf({ owner, serverId }: Pick<Account, 'owner' | 'serverId'>): string {
  return `${owner}\n${serverId}`;
}
