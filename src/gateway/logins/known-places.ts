import type { KnownPlaces } from '#src/base/index.js';
import type { Environment } from '../environment.js';
import { isStoreFailure } from '../store-failure.js';

/** Where accounts have been right, as the store has it; what it cannot read or keep keeps nobody out who is right. */
export function knownPlaces({ store, log }: Pick<Environment, 'store' | 'log'>): KnownPlaces {
  const attempt = <T>(work: () => T, otherwise: T): T => {
    try {
      return work();
    } catch (error) {
      if (!isStoreFailure(error)) throw error;
      log.debug({ code: error.code }, 'from where an account was right is not kept now');
      return otherwise;
    }
  };
  return {
    has: (account, place) => attempt(() => store.knownPlaces.has(account, place), false),
    add: (account, place) => attempt(() => store.knownPlaces.add(account, place), undefined),
  };
}
