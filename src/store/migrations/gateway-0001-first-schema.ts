import type { Migration } from '../sqlite/migrations.js';

/**
 * Times are milliseconds since 1970; what is called `…_secret` or `answer` is sealed. `sequence`, `command_id`, `inflight` and
 * `in_doubt` wait for nomadic devices: the last command acknowledged, the one under way and those of unknown effect (JSON).
 */
export const gatewayFirstSchema: Migration = {
  number: 1,
  name: 'first schema',
  sql: `
    CREATE TABLE identity (
      key   TEXT PRIMARY KEY,
      value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE device (
      id                TEXT PRIMARY KEY,
      name              TEXT,
      mode              TEXT NOT NULL CHECK (mode IN ('proxy', 'transparent', 'adaptation')),
      origin            TEXT NOT NULL CHECK (origin IN ('config', 'added')),
      scheme            TEXT NOT NULL CHECK (scheme IN ('basic', 'md5')),
      user_name         TEXT NOT NULL,
      client_secret     TEXT NOT NULL,
      server_secret     TEXT,
      allow_plain_http  INTEGER NOT NULL CHECK (allow_plain_http IN (0, 1)),
      polling           TEXT NOT NULL,
      address           TEXT,
      manufacturer      TEXT,
      model             TEXT,
      firmware          TEXT,
      dm_version        TEXT,
      language          TEXT,
      first_seen        INTEGER,
      last_contact      INTEGER,
      last_poll         INTEGER,
      association_epoch INTEGER NOT NULL DEFAULT 0,
      command_id        TEXT,
      sequence          INTEGER NOT NULL DEFAULT 0,
      inflight          TEXT,
      in_doubt          TEXT
    ) STRICT;

    -- The highest epoch that a device ever had outlives the device: (device, epoch) names one association for ever.
    CREATE TABLE association_mark (
      device TEXT PRIMARY KEY,
      epoch  INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE account (
      owner            TEXT NOT NULL,
      server_id        TEXT NOT NULL,
      name             TEXT NOT NULL,
      address          TEXT NOT NULL,
      scheme           TEXT NOT NULL CHECK (scheme IN ('basic', 'md5')),
      user_name        TEXT NOT NULL,
      client_secret    TEXT NOT NULL,
      server_secret    TEXT,
      allow_plain_http INTEGER NOT NULL CHECK (allow_plain_http IN (0, 1)),
      correlation      TEXT NOT NULL CHECK (correlation IN ('own-devices', 'all', 'none')),
      origin           TEXT NOT NULL CHECK (origin IN ('config', 'added')),
      PRIMARY KEY (owner, server_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX account_by_server ON account (server_id);

    CREATE TABLE nonce (
      leg   TEXT NOT NULL,
      whose TEXT NOT NULL CHECK (whose IN ('client', 'server')),
      value TEXT NOT NULL,
      PRIMARY KEY (leg, whose)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE outbox (
      id         INTEGER PRIMARY KEY AUTOINCREMENT,
      owner      TEXT NOT NULL,
      server_id  TEXT NOT NULL,
      origin     TEXT NOT NULL,
      alert      TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      attempts   INTEGER NOT NULL DEFAULT 0,
      next_at    INTEGER NOT NULL,
      outcome    TEXT CHECK (outcome IN ('delivered', 'refused', 'expired')),
      settled_at INTEGER,
      UNIQUE (origin, owner, server_id)
    ) STRICT;
    CREATE INDEX outbox_unsettled ON outbox (owner, server_id, next_at) WHERE settled_at IS NULL;
    CREATE INDEX outbox_settled ON outbox (settled_at) WHERE settled_at IS NOT NULL;

    CREATE TABLE last_message (
      device       TEXT PRIMARY KEY REFERENCES device (id) ON DELETE CASCADE,
      digest       TEXT NOT NULL,
      content      TEXT NOT NULL,
      at           INTEGER NOT NULL,
      content_type TEXT,
      answer       BLOB
    ) STRICT;

    CREATE TABLE acl (
      device    TEXT NOT NULL REFERENCES device (id) ON DELETE CASCADE,
      server_id TEXT NOT NULL,
      uri       TEXT NOT NULL,
      acl       TEXT NOT NULL,
      PRIMARY KEY (device, server_id, uri)
    ) STRICT, WITHOUT ROWID;

    -- What belongs to a device or an account without a reference, because its owner may be the gateway itself.
    CREATE TRIGGER device_removed AFTER DELETE ON device BEGIN
      DELETE FROM account WHERE owner = OLD.id;
      DELETE FROM outbox WHERE owner = OLD.id;
      DELETE FROM nonce WHERE leg = 'south/' || OLD.id;
      DELETE FROM nonce WHERE substr(leg, 1, length(OLD.id) + 7) = 'north/' || OLD.id || '/';
    END;
    CREATE TRIGGER account_removed AFTER DELETE ON account BEGIN
      DELETE FROM outbox WHERE owner = OLD.owner AND server_id = OLD.server_id AND settled_at IS NULL;
      DELETE FROM nonce WHERE leg = 'north/' || OLD.owner || '/' || OLD.server_id;
    END;
  `,
};
