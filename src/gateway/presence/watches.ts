import type { Environment } from '../environment.js';
import type { PresenceState, Sighted } from './ports.js';
import { type Moment, Watch } from './watch.js';

/** The devices that ways of discovery see: what is known of them now, and what of it the store has. Never more than there are records. */
export class Watches {
  readonly #env: Pick<Environment, 'store' | 'clock'>;
  readonly #byId = new Map<string, Watch>();

  constructor(env: Pick<Environment, 'store' | 'clock'>) {
    this.#env = env;
  }

  get moment(): Moment {
    return { now: this.#env.clock.now(), monotonic: this.#env.clock.monotonic() };
  }

  /** Only if it is watched already. */
  get(id: string): Watch | undefined {
    return this.#byId.get(id);
  }

  /** From the store where it is not watched yet; undefined for a device that is not known. */
  find(id: string): Watch | undefined {
    const watch = this.#byId.get(id);
    if (watch !== undefined) return watch;
    const device = this.#env.store.inventory.find(id);
    return device && this.add(id, device.presence, device.sighted);
  }

  add(id: string, presence: PresenceState, sighted: Sighted | undefined): Watch {
    const watch = new Watch(presence, sighted, this.moment);
    this.#byId.set(id, watch);
    return watch;
  }

  /** An operator may have written a DevId in another case than the ways of discovery do. */
  known(said: string, clean: string): string | undefined {
    return [...new Set([clean, said])].find((id) => this.#byId.has(id) || this.#env.store.inventory.find(id) !== undefined);
  }

  /** Writes what is worth a write. @param atOnce also what could wait */
  keep(id: string, watch: Watch, atOnce = false): void {
    const sighted = watch.takeUnwritten(this.moment, atOnce);
    if (sighted !== undefined) this.#env.store.inventory.recordSighted(id, sighted, this.#env.clock.now());
  }

  forget(id: string): void {
    this.#byId.get(id)?.timer?.cancel();
    this.#byId.delete(id);
  }

  /** Keeps what could wait until now, and forgets all. */
  close(): void {
    for (const [id, watch] of this.#byId) this.keep(id, watch, true);
    for (const id of [...this.#byId.keys()]) this.forget(id);
  }
}
