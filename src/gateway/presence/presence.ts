import { isPosternError, type Milliseconds, RecentlyUsed } from '#src/base/index.js';
import type { Correlation } from '../alerts/correlation.js';
import type { Environment } from '../environment.js';
import { Admission, declareDiscovered, type TurnedAway } from './admission.js';
import { cleanDevId, cleanSighting } from './clean-sighting.js';
import type { PresenceState, Way } from './ports.js';
import { defaultPresenceSettings, type PresenceSettings } from './presence-settings.js';
import type { SightedBy, Sighting, Sightings } from './sighting.js';
import type { Watch } from './watch.js';
import { Watches } from './watches.js';

export interface PresenceParts {
  readonly env: Environment;
  readonly correlation: Pick<Correlation, 'attached' | 'detached'>;
  /** The gateway's own: what it says of itself comes back from the LAN. */
  readonly ownDevId: string;
  /** Ends the sessions of a device. */
  readonly endSessions: (device: string, detail: string) => void;
}

/** Devices of which it is remembered that they are attached. */
const attachedDevices = 1_024;
/** A timer's delay has 31 bits: whoever has to wait longer looks again. */
const longestDelay: Milliseconds = 86_400_000;

/**
 * Who is there: attached, detached, unreachable or in quarantine. A proved contact counts at once; what ways of discovery see counts
 * when it lasts, in either direction, and silence only where somebody promised to be heard again.
 */
export class Presence implements Sightings {
  readonly #env: Environment;
  readonly #parts: PresenceParts;
  readonly #settings: PresenceSettings;
  readonly #admission: Admission;
  readonly #watches: Watches;
  /** Devices that were attached when they were here last, and the revision of the inventory then. */
  readonly #attached = new RecentlyUsed<number>(attachedDevices);
  #stopped = false;

  constructor(parts: PresenceParts) {
    this.#parts = parts;
    this.#env = parts.env;
    this.#watches = new Watches(parts.env);
    this.#settings = parts.env.settings.presence ?? defaultPresenceSettings;
    this.#admission = new Admission({ env: parts.env, settings: this.#settings, forget: (id) => this.forget(id) });
  }

  get policy(): PresenceSettings['admission'] {
    return this.#settings.admission;
  }

  get turnedAway(): TurnedAway {
    return this.#admission.turnedAway;
  }

  /** Goes on with what was kept: promises begin anew, and so do settling and grace. */
  start(): void {
    for (const { id, presence, sighted } of this.#env.store.inventory.sighted()) {
      if (this.#watches.get(id) === undefined) this.#follow(id, this.#watches.add(id, presence, sighted));
    }
  }

  /** Hears nothing more, and keeps what has not been worth a write: whoever leaves because we do is still there. */
  stop(): void {
    this.#stopped = true;
    this.#watches.close();
  }

  seen(sighting: Sighting): void {
    this.#guarded(() => this.#see(sighting));
  }

  gone(id: string, by: SightedBy): void {
    this.#guarded(() => this.#miss(id, by));
  }

  /** A device has proved itself in a session: it is here. */
  contact(id: string): void {
    if (this.#stopped) return;
    if (this.#isAttached(id)) return this.#contactAgain(id);
    const device = this.#env.store.inventory.find(id);
    if (device === undefined || device.presence === 'quarantined') return;
    const watch = device.sighted === undefined ? this.#watches.get(id) : this.#watches.find(id);
    watch?.contact(this.#watches.moment);
    if (watch !== undefined) this.#watches.keep(id, watch);
    if (device.presence === 'unreachable') this.#become(id, 'attached');
    else if (device.presence !== 'attached') this.#attach(id);
    if (watch !== undefined) this.#follow(id, watch);
    this.#attached.put(id, this.#env.store.inventory.revision);
  }

  /** It did not come when it was called, all repeats sent. */
  unreachable(id: string): void {
    if (this.#stopped || this.#env.store.inventory.find(id)?.presence !== 'attached') return;
    this.#guarded(() => {
      this.#become(id, 'unreachable');
      this.#env.log.info({ device: id }, 'a device is unreachable');
    });
  }

  /** Lets a device in that is in quarantine or refused; false where it is neither, nor known. */
  admit(id: string): boolean {
    const wasRefused = this.#env.store.refusals.remove(id);
    const device = this.#env.store.inventory.find(id);
    if (device === undefined && wasRefused) declareDiscovered(this.#env, id);
    if (device?.presence === 'quarantined') this.#become(id, device.associationEpoch > 0 ? 'detached' : 'known');
    const watch = this.#watches.find(id);
    if (device?.presence === 'quarantined' && watch?.isThere(this.#watches.moment)) this.#attach(id);
    return device !== undefined || wasRefused;
  }

  /** Takes a device out of everything that servers hear of; false where it is not known. */
  quarantine(id: string): boolean {
    const device = this.#env.store.inventory.find(id);
    if (device === undefined) return false;
    this.#parts.correlation.detached(id);
    this.#become(id, 'quarantined');
    this.#parts.endSessions(id, 'the device is in quarantine');
    return true;
  }

  /** Forgets a device, and that it comes back by the next sighting. */
  refuse(id: string): void {
    const known = this.#env.store.inventory.find(id) !== undefined ? id : (cleanDevId(id) ?? id);
    this.forget(known);
    this.#env.store.refusals.add(known, this.#env.clock.now(), this.#settings.mostRefused);
  }

  /** Forgets a device with everything that belongs to it; servers that know of it hear that it has left. False if there is none. */
  forget(id: string): boolean {
    this.#parts.endSessions(id, 'the device was removed');
    this.#parts.correlation.detached(id);
    this.#watches.forget(id);
    return this.#env.store.inventory.remove(id);
  }

  /** The operator has declared a device that may have been here already, and so may have come out of quarantine. */
  declared(id: string): void {
    this.#env.store.refusals.remove(id);
    const device = this.#env.store.inventory.find(id);
    const watch = this.#watches.get(id);
    if (device !== undefined && watch !== undefined) {
      watch.presence = device.presence;
      this.#follow(id, watch);
    }
    // Its accounts are new, and their servers may not know yet that it is here.
    if (device !== undefined && isHere(device.presence)) this.#parts.correlation.attached(id);
  }

  #see(raw: Sighting): void {
    const sighting = cleanSighting(raw);
    if (sighting === undefined || sighting.id === this.#parts.ownDevId) return;
    const { by } = sighting;
    const id = this.#watches.known(raw.id, sighting.id);
    if (by === 'session') return this.contact(id ?? sighting.id);
    if (id === undefined) return this.#meet(sighting, by);
    const watch = this.#watches.find(id);
    if (watch === undefined) return;
    watch.see(sighting, by, this.#watches.moment);
    this.#watches.keep(id, watch);
    this.#follow(id, watch);
  }

  #meet(sighting: Sighting, by: Way): void {
    if (!this.#admission.meet(sighting, by)) return;
    const watch = this.#watches.find(sighting.id);
    if (watch !== undefined) this.#follow(sighting.id, watch);
  }

  #miss(said: string, by: SightedBy): void {
    const id = this.#watches.known(said, cleanDevId(said) ?? said);
    const watch = id === undefined ? undefined : this.#watches.find(id);
    if (id === undefined || watch === undefined || by === 'session' || !watch.leave(by, this.#watches.moment)) return;
    this.#watches.keep(id, watch);
    this.#follow(id, watch, true);
  }

  /** Whether it was attached when it was here last, and nothing has changed since; a device that is seen is then watched. */
  #isAttached(id: string): boolean {
    return this.#attached.get(id) === this.#env.store.inventory.revision;
  }

  #contactAgain(id: string): void {
    const watch = this.#watches.get(id);
    if (watch === undefined) return;
    watch.contact(this.#watches.moment);
    this.#watches.keep(id, watch);
    this.#follow(id, watch);
  }

  /** Sees to it that we look again when something follows from what is seen. @param sooner whether that may be earlier than before */
  #follow(id: string, watch: Watch, sooner = false): void {
    if (sooner || watch.presence === 'quarantined') this.#rest(watch);
    if (watch.presence === 'quarantined' || watch.timer !== undefined) return;
    if (isHere(watch.presence)) this.#await(id, watch, watch.endsAt + this.#settings.grace - this.#env.clock.monotonic());
    else if (watch.isThere(this.#watches.moment)) this.#await(id, watch, this.#settings.settle);
  }

  #await(id: string, watch: Watch, delay: Milliseconds): void {
    if (this.#stopped || delay === Number.POSITIVE_INFINITY) return;
    watch.timer = this.#env.clock.timer('presence', Math.min(Math.max(delay, 0), longestDelay), () => {
      watch.timer = undefined;
      this.#guarded(() => this.#settle(id, watch));
    });
  }

  /** What was seen has lasted, or nothing has been seen for as long as that may be. */
  #settle(id: string, watch: Watch): void {
    const isThere = watch.isThere(this.#watches.moment);
    if (watch.presence === 'known' || watch.presence === 'detached') {
      if (isThere) this.#attach(id);
    } else if (watch.endsAt + this.#settings.grace <= this.#env.clock.monotonic()) this.#detach(id, watch);
    else this.#follow(id, watch);
  }

  #attach(id: string): void {
    const epoch = this.#env.store.inventory.attach(id);
    this.#env.log.info({ device: id, epoch }, 'a device is attached');
    this.#parts.correlation.attached(id);
    this.#changed(id, 'attached');
  }

  #detach(id: string, watch: Watch): void {
    this.#env.store.inventory.settlePresence(id, 'detached', watch.left);
    this.#env.log.info({ device: id }, 'a device is detached');
    this.#parts.correlation.detached(id);
    this.#watches.forget(id);
  }

  #become(id: string, presence: PresenceState): void {
    this.#env.store.inventory.settlePresence(id, presence);
    this.#changed(id, presence);
  }

  #changed(id: string, presence: PresenceState): void {
    const watch = this.#watches.get(id);
    if (watch === undefined) return;
    watch.presence = presence;
    this.#follow(id, watch, true);
  }

  #rest(watch: Watch): void {
    watch.timer?.cancel();
    watch.timer = undefined;
  }

  /** Whoever sees devices has nothing to do with our disk: what could not be kept is logged, and seen again. */
  #guarded(work: () => void): void {
    if (this.#stopped) return;
    try {
      work();
    } catch (error) {
      if (!isPosternError(error)) throw error;
      this.#env.log.error({ code: error.code, details: error.details }, 'what was discovered could not be kept');
    }
  }
}

function isHere(presence: PresenceState): boolean {
  return presence === 'attached' || presence === 'unreachable';
}
