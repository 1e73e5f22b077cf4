import { countMet } from '#src/base/index.js';
import type { Environment } from '../environment.js';
import { factsOf } from './clean-sighting.js';
import { NewDeviceRate } from './new-device-rate.js';
import type { Sighted, Way } from './ports.js';
import type { PresenceSettings } from './presence-settings.js';
import type { Sighting } from './sighting.js';

/** Why unknown devices were not written down, and how often since the start. */
export interface TurnedAway {
  /** The policy is `closed`. */
  readonly closed: number;
  /** The operator has refused them. */
  readonly refused: number;
  /** More came than `presence.newPerMinute`. */
  readonly tooFast: number;
  /** As many as are kept are there. */
  readonly tooMany: number;
}

export interface AdmissionParts {
  readonly env: Pick<Environment, 'clock' | 'counters' | 'store' | 'log'>;
  readonly settings: PresenceSettings;
  /** A device in quarantine has made room for another. */
  readonly forget: (id: string) => void;
}

/** What becomes of an unknown device that is discovered. Nothing that anybody can make up is kept without a bound. */
export class Admission {
  readonly #parts: AdmissionParts;
  readonly #rate: NewDeviceRate;
  readonly #turnedAway = { closed: 0, refused: 0, tooFast: 0, tooMany: 0 };

  constructor(parts: AdmissionParts) {
    this.#parts = parts;
    this.#rate = new NewDeviceRate(parts.env.clock, parts.settings.newPerMinute);
  }

  get turnedAway(): TurnedAway {
    return { ...this.#turnedAway };
  }

  /** Writes an unknown device down as the policy says; false where it is turned away, of which only the number is kept. */
  meet(sighting: Sighting, by: Way): boolean {
    const why = this.#objection(sighting.id);
    if (why === undefined) this.#writeDown(sighting, by);
    else this.#turnAway(why);
    return why === undefined;
  }

  #turnAway(why: keyof TurnedAway): void {
    const { counters } = this.#parts.env;
    this.#turnedAway[why] += 1;
    if (why === 'tooFast') countMet(counters, 'presence.newPerMinute');
    if (why === 'tooMany') countMet(counters, 'presence.mostDiscovered');
  }

  #objection(id: string): keyof TurnedAway | undefined {
    const { env, settings } = this.#parts;
    if (settings.admission === 'closed') return 'closed';
    if (env.store.refusals.has(id)) return 'refused';
    if (!this.#rate.take()) return 'tooFast';
    return this.#hasRoom() ? undefined : 'tooMany';
  }

  #hasRoom(): boolean {
    const { env, settings, forget } = this.#parts;
    const { quarantined, admitted } = env.store.inventory.discovered();
    if (settings.admission === 'open') return admitted < settings.mostDiscovered;
    if (quarantined < settings.mostQuarantined) return true;
    const oldest = env.store.inventory.oldestUnadmitted();
    if (oldest === undefined) return false;
    countMet(env.counters, 'presence.mostQuarantined');
    forget(oldest);
    return true;
  }

  #writeDown(sighting: Sighting, by: Way): void {
    const { env, settings } = this.#parts;
    const { id, heartbeat } = sighting;
    const now = env.clock.now();
    const way = { at: now, ...(heartbeat === undefined ? {} : { heartbeat }) };
    const sighted: Sighted = { facts: factsOf(sighting), ways: { [by]: way } };
    declareDiscovered(env, id);
    env.store.inventory.recordSighted(id, sighted, now);
    if (settings.admission === 'open') return env.log.info({ device: id, by }, 'an unknown device is let in, as presence.admission says');
    env.store.inventory.settlePresence(id, 'quarantined');
    env.log.info({ device: id, by }, 'an unknown device is in quarantine; admit or refuse it');
  }
}

/** A device that has nothing to prove itself by: its side speaks something else. */
export function declareDiscovered({ store }: Pick<Environment, 'store'>, id: string): void {
  store.inventory.declare({ id, mode: 'adaptation', origin: 'discovered', allowPlainHttp: false, polling: 'always' });
}
