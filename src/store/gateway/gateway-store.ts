import { join } from 'node:path';
import { type Clock, type Log, type PosternError, silentLog } from '#src/base/index.js';
import type { GatewayStore } from '#src/gateway/index.js';
import type { Sealer } from '#src/security/index.js';
import { gatewayMigrations } from '../migrations/gateway.js';
import { Database } from '../sqlite/database.js';
import { type DatabaseLook, lookAt } from '../sqlite/database-look.js';
import { Mending } from '../sqlite/mending.js';
import { UnreadableRows } from '../sqlite/unreadable-rows.js';
import { SqliteAccountRepository } from './account-repository.js';
import { SqliteAclRepository } from './acl-repository.js';
import { SqliteDeviceQueueRepository } from './device-queue-repository.js';
import { requireSameKey, SqliteIdentityRepository } from './identity-repository.js';
import { SqliteInventoryRepository } from './inventory-repository.js';
import { SqliteKnownPlaceRepository } from './known-place-repository.js';
import { SqliteLastMessageRepository } from './last-message-repository.js';
import { SqliteNonceRepository } from './nonce-repository.js';
import { type OutboxLimits, SqliteOutboxRepository } from './outbox-repository.js';
import { SqliteRefusalRepository } from './refusal-repository.js';
import { SqliteTriggerRepository } from './trigger-repository.js';

/** What the store keeps at most. */
export interface StoreLimits extends OutboxLimits {
  /** Bytes of the answer kept per device for a repeat. */
  readonly answerBytes: number;
  /** ACLs kept per device. */
  readonly aclRows: number;
}

export const defaultStoreLimits: StoreLimits = {
  outboxRows: 1_000,
  outboxBytes: 4_194_304,
  outboxAge: 30 * 86_400_000,
  answerBytes: 1_048_576,
  aclRows: 1_000,
};

export interface GatewayStoreOptions {
  /** The state directory; the database is its `gateway.db`. */
  readonly directory: string;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly limits?: Partial<StoreLimits>;
  readonly log?: Log;
}

export interface OpenGatewayStore extends GatewayStore {
  /** Commits since it was opened. */
  readonly commits: number;
  /** Why the database could not do what was asked last; undefined again once it can, but for a file that is damaged. */
  readonly failure: PosternError | undefined;
  /** Resolves with the reason once the disk has failed to sync what was committed: only a new start finds out what is there. */
  readonly broken: Promise<PosternError>;
  /** Rows that were found unreadable and are left out: the table and the key of each, at most 100. */
  readonly unreadable: readonly string[];
  /** How the file is now. @throws PosternError `store.*` */
  look(): DatabaseLook;
  /** Commits what is open and closes the file. */
  close(): void;
}

/**
 * Opens what the gateway keeps, and brings it to the newest version.
 * @throws PosternError `store.*`; `security.wrong-key` when the sealer's key is another than before
 */
export function openGatewayStore({ directory, sealer, clock, limits, log = silentLog }: GatewayStoreOptions): OpenGatewayStore {
  const file = join(directory, 'gateway.db');
  const database = Database.open({ file, migrations: gatewayMigrations, log, onFailure: () => mending.begin() });
  const mending = new Mending({ database, directory, clock, log });
  try {
    requireSameKey(database, sealer);
  } catch (error) {
    database.close();
    throw error;
  }
  const bounds = { ...defaultStoreLimits, ...limits };
  const unreadable = new UnreadableRows(log);
  const sealed = { database, sealer, unreadable };
  return {
    inventory: new SqliteInventoryRepository(sealed),
    accounts: new SqliteAccountRepository(sealed),
    nonces: new SqliteNonceRepository(database),
    outbox: new SqliteOutboxRepository({ database, clock, limits: bounds, log }),
    lastMessages: new SqliteLastMessageRepository({ ...sealed, answerBytes: bounds.answerBytes }),
    acls: new SqliteAclRepository(database, bounds.aclRows),
    identity: new SqliteIdentityRepository(database),
    triggers: new SqliteTriggerRepository(database),
    deviceQueue: new SqliteDeviceQueueRepository(database),
    refusals: new SqliteRefusalRepository(database),
    knownPlaces: new SqliteKnownPlaceRepository(database, clock),
    broken: database.broken,
    get commits() {
      return database.commits;
    },
    get losses() {
      return database.losses;
    },
    get unreadable() {
      return unreadable.names;
    },
    get failure() {
      return database.failure;
    },
    look: () => lookAt(database, file),
    committed: () => database.committed(),
    close: () => {
      mending.stop();
      database.close();
    },
  };
}
