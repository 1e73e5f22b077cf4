import { createHmac } from 'node:crypto';
import type { Scheme } from '#src/dm/auth/index.js';
import type { Environment } from '../environment.js';
import type { SouthCredentials } from '../ports.js';

/** How long the schemes of the devices are taken for known, in milliseconds. */
const memory = 60_000;

/**
 * A stranger is treated as a device whose password nobody knows, so that nobody learns who is known here: each is asked
 * in one of the schemes that devices here use, the same one every time.
 */
export class Strangers {
  readonly #env: Environment;
  readonly #key: string;
  #schemes: ReadonlyMap<Scheme, number> = new Map();
  #until = Number.NEGATIVE_INFINITY;

  constructor(env: Environment) {
    this.#env = env;
    this.#key = env.entropy.token();
  }

  credentials(id: string): SouthCredentials {
    return { scheme: this.#scheme(id), userName: id, clientSecret: { kind: 'digest', value: this.#env.entropy.nonce() } };
  }

  #scheme(id: string): Scheme {
    const schemes = this.#used();
    const devices = [...schemes.values()].reduce((sum, count) => sum + count, 0);
    let at = createHmac('sha256', this.#key).update(id).digest().readUInt32BE() % Math.max(devices, 1);
    for (const [scheme, count] of schemes) {
      if (at < count) return scheme;
      at -= count;
    }
    return 'md5';
  }

  #used(): ReadonlyMap<Scheme, number> {
    const now = this.#env.clock.monotonic();
    if (now >= this.#until) {
      this.#until = now + memory;
      this.#schemes = this.#env.store.inventory.schemes();
    }
    return this.#schemes;
  }
}
