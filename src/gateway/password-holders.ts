import type { Environment } from './environment.js';
import type { DeviceRecord } from './ports.js';
import { claimsOf, proves, provesNothing } from './transparent/proxy-credentials.js';

/** Tells devices of one sort by the name and password that they show in HTTP (Basic). */
export class PasswordHolders {
  readonly #env: Pick<Environment, 'store' | 'entropy'>;
  readonly #isMeant: (device: DeviceRecord) => boolean;

  /** @param isMeant whether a device may be found at all; of any other the password proves nothing */
  constructor(env: Pick<Environment, 'store' | 'entropy'>, isMeant: (device: DeviceRecord) => boolean) {
    this.#env = env;
    this.#isMeant = isMeant;
  }

  /** Every claim costs the same, whoever it names: how long it takes tells nobody who is known. */
  find(authorization: string): DeviceRecord | undefined {
    const { store, entropy } = this.#env;
    let found: DeviceRecord | undefined;
    for (const claim of claimsOf(authorization)) {
      const devices = store.inventory.named(claim.userName).filter(this.#isMeant);
      if (devices.length === 0) provesNothing(claim, entropy);
      for (const device of devices) if (proves(claim, device)) found ??= device;
    }
    return found;
  }
}
