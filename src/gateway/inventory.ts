import type { Item } from '#src/dm/syncml/index.js';
import type { Correlation } from './correlation.js';
import { readFacts } from './device-facts.js';
import type { Environment } from './environment.js';
import type { DeviceRecord } from './ports.js';

/** Who is behind this gateway, from what the devices say in their own sessions. */
export class Inventory {
  readonly #env: Environment;
  readonly #correlation: Correlation;

  constructor(env: Environment, correlation: Correlation) {
    this.#env = env;
    this.#correlation = correlation;
  }

  /** A device has proved itself and opened a session. Its first contact attaches it. */
  contact(device: DeviceRecord, devInfo: readonly Item[], address: string): DeviceRecord {
    const { inventory } = this.#env.store;
    inventory.recordContact(device.id, readFacts(devInfo, address), this.#env.clock.now());
    if (inventory.get(device.id)?.associationEpoch === 0) this.#attach(device.id);
    return inventory.get(device.id) ?? device;
  }

  #attach(id: string): void {
    const epoch = this.#env.store.inventory.attach(id);
    this.#env.log.info({ device: id, epoch }, 'a device is attached');
    this.#correlation.attached(id);
  }
}
