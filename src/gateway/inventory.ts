import type { Item } from '#src/dm/syncml/index.js';
import { readFacts } from './device-facts.js';
import type { Environment } from './environment.js';
import type { DeviceFacts, DeviceSummary } from './ports.js';
import type { Presence } from './presence/presence.js';

/** Who is behind this gateway, from what the devices say in their own sessions. */
export class Inventory {
  readonly #env: Environment;
  readonly #presence: Pick<Presence, 'contact'>;

  constructor(env: Environment, presence: Pick<Presence, 'contact'>) {
    this.#env = env;
    this.#presence = presence;
  }

  /** A device has proved itself and opened a session: what it says counts, and it is here. */
  contact(device: DeviceSummary, devInfo: readonly Item[], address: string): DeviceSummary {
    this.heard(device.id, readFacts(devInfo, address));
    return this.#env.store.inventory.find(device.id) ?? device;
  }

  /** The same of one that told us no more than this. */
  heard(id: string, facts: DeviceFacts): void {
    this.#env.store.inventory.recordContact(id, facts, this.#env.clock.now());
    this.#presence.contact(id);
  }
}
