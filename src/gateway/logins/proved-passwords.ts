import { hash, randomBytes } from 'node:crypto';
import { RecentlyUsed } from '#src/base/index.js';
import type { InventoryRepository } from '../ports.js';

/** Whom credentials have proved. */
export interface ProvedDevice {
  readonly id: string;
  readonly allowPlainHttp: boolean;
}

/** The name that was shown, and whose it is. */
export interface Proof {
  readonly account: string;
  readonly device: ProvedDevice;
}

/** Credentials that are remembered. */
const capacity = 4_096;

/**
 * Credentials that have proved a device, as they stood in a request, for as long as nothing has changed that says who may come in: a device
 * comes again without its secret being opened. What is kept of them is a digest under a key that is this object's alone and never leaves
 * it: how long it takes to be found says nothing of how near what was shown came.
 */
export class ProvedPasswords {
  readonly #inventory: Pick<InventoryRepository, 'revision'>;
  readonly #key = randomBytes(32).toString('base64');
  readonly #proofs = new RecentlyUsed<Proof>(capacity);
  #revision = -1;

  constructor(inventory: Pick<InventoryRepository, 'revision'>) {
    this.#inventory = inventory;
  }

  find(authorization: string): Proof | undefined {
    this.#forgetOutdated();
    return this.#proofs.size === 0 ? undefined : this.#proofs.get(this.#mark(authorization));
  }

  keep(authorization: string, proof: Proof): void {
    this.#forgetOutdated();
    this.#proofs.put(this.#mark(authorization), proof);
  }

  #forgetOutdated(): void {
    const { revision } = this.#inventory;
    if (revision !== this.#revision) this.#proofs.clear();
    this.#revision = revision;
  }

  #mark(authorization: string): string {
    return hash('sha256', this.#key + authorization, 'base64');
  }
}
