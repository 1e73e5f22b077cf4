import type { Migration } from '../sqlite/migrations.js';

/** Times are milliseconds since 1970; secrets, orders and results are sealed. */
export const smallServerFirstSchema: Migration = {
  number: 1,
  name: 'first schema',
  sql: `
    CREATE TABLE identity (
      key   TEXT PRIMARY KEY,
      value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE client (
      id               TEXT PRIMARY KEY,
      origin           TEXT NOT NULL CHECK (origin IN ('config', 'added')),
      scheme           TEXT NOT NULL CHECK (scheme IN ('basic', 'md5')),
      user_name        TEXT NOT NULL,
      client_secret    TEXT NOT NULL,
      server_secret    TEXT,
      allow_plain_http INTEGER NOT NULL CHECK (allow_plain_http IN (0, 1)),
      facts            TEXT NOT NULL DEFAULT '{}',
      first_contact    INTEGER,
      last_contact     INTEGER,
      client_nonce     TEXT,
      server_nonce     TEXT
    ) STRICT;

    CREATE TABLE command (
      id         INTEGER PRIMARY KEY AUTOINCREMENT,
      client     TEXT NOT NULL REFERENCES client (id) ON DELETE CASCADE,
      state      TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sent', 'done', 'aborted')),
      request    TEXT NOT NULL,
      statuses   TEXT NOT NULL DEFAULT '[]',
      results    TEXT,
      reason     TEXT,
      queued_at  INTEGER NOT NULL,
      settled_at INTEGER
    ) STRICT;
    CREATE INDEX command_open ON command (client, state, id) WHERE state IN ('queued', 'sent');
    CREATE INDEX command_settled ON command (id) WHERE settled_at IS NOT NULL;
    CREATE INDEX command_by_client ON command (client);

    -- A report that has an origin is one row for its client, however often it arrives.
    CREATE TABLE alert (
      id          INTEGER PRIMARY KEY AUTOINCREMENT,
      client      TEXT NOT NULL REFERENCES client (id) ON DELETE CASCADE,
      origin      TEXT,
      type        TEXT NOT NULL,
      source      TEXT,
      data        TEXT,
      format      TEXT,
      mark        TEXT,
      correlator  TEXT,
      received_at INTEGER NOT NULL,
      count       INTEGER NOT NULL DEFAULT 1,
      UNIQUE (client, origin)
    ) STRICT;
  `,
};
