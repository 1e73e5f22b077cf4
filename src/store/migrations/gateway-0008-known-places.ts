import type { Migration } from '../sqlite/migrations.js';

/** Where accounts have been right: digests, of the account and of the account with the address. */
export const gatewayKnownPlaces: Migration = {
  number: 8,
  name: 'known places',
  sql: `
    CREATE TABLE known_place (
      account TEXT NOT NULL,
      place TEXT NOT NULL,
      seen_at INTEGER NOT NULL,
      PRIMARY KEY (account, place)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX known_place_age ON known_place (seen_at);
  `,
};
