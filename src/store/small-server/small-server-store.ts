import { join } from 'node:path';
import { type Log, type PosternError, silentLog } from '#src/base/index.js';
import type { Sealer } from '#src/security/index.js';
import type { SmallServerStore } from '#src/small-server/index.js';
import { requireSameKey } from '../gateway/identity-repository.js';
import { smallServerMigrations } from '../migrations/small-server.js';
import { Database } from '../sqlite/database.js';
import { SqliteAlertRepository } from './small-server-alert-repository.js';
import { SqliteClientRepository } from './small-server-client-repository.js';
import { SqliteCommandRepository } from './small-server-command-repository.js';

/** What the small DM server keeps at most. */
export interface SmallServerStoreLimits {
  /** Reports of all clients; the oldest go. */
  readonly alertRows: number;
  /** Commands of all clients that have ended; the oldest go. */
  readonly settledCommands: number;
}

const defaultLimits: SmallServerStoreLimits = { alertRows: 10_000, settledCommands: 1_000 };

export interface SmallServerStoreOptions {
  /** The state directory; the database is its `server.db`. */
  readonly directory: string;
  readonly sealer: Sealer;
  readonly limits?: Partial<SmallServerStoreLimits>;
  readonly log?: Log;
}

export interface OpenSmallServerStore extends SmallServerStore {
  /** Commits since it was opened. */
  readonly commits: number;
  /** Resolves with the reason once the disk has failed to sync what was committed: only a new start finds out what is there. */
  readonly broken: Promise<PosternError>;
  /** Commits what is open and closes the file. */
  close(): void;
}

/**
 * Opens what the small DM server keeps, and brings it to the newest version.
 * @throws PosternError `store.*`; `security.wrong-key` when the sealer's key is another than before
 */
export function openSmallServerStore({ directory, sealer, limits, log = silentLog }: SmallServerStoreOptions): OpenSmallServerStore {
  const database = Database.open({ file: join(directory, 'server.db'), migrations: smallServerMigrations, log });
  try {
    requireSameKey(database, sealer);
  } catch (error) {
    database.close();
    throw error;
  }
  const bounds = { ...defaultLimits, ...limits };
  return {
    clients: new SqliteClientRepository(database, sealer),
    commands: new SqliteCommandRepository({ database, sealer, settled: bounds.settledCommands }),
    alerts: new SqliteAlertRepository(database, bounds.alertRows),
    broken: database.broken,
    get commits() {
      return database.commits;
    },
    committed: () => database.committed(),
    close: () => database.close(),
  };
}
