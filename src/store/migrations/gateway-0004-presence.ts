import type { Migration } from '../sqlite/migrations.js';

/**
 * Devices that were discovered have no credentials, and those in transparent mode need none. `sighted` (JSON) is what the ways of
 * discovery have seen, apart from the facts, which a device has proved. A report can wait for an earlier one to be settled.
 */
export const gatewayPresence: Migration = {
  number: 4,
  name: 'presence',
  sql: `
    CREATE TABLE device_next (
      id                TEXT PRIMARY KEY,
      name              TEXT,
      mode              TEXT NOT NULL CHECK (mode IN ('proxy', 'transparent', 'adaptation')),
      origin            TEXT NOT NULL CHECK (origin IN ('config', 'added', 'discovered')),
      scheme            TEXT CHECK (scheme IN ('basic', 'md5')),
      user_name         TEXT,
      client_secret     TEXT,
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
      association_epoch INTEGER NOT NULL DEFAULT 0,
      presence          TEXT NOT NULL DEFAULT 'known'
                        CHECK (presence IN ('known', 'attached', 'detached', 'unreachable', 'quarantined')),
      sighted           TEXT,
      command_id        TEXT,
      sequence          INTEGER NOT NULL DEFAULT 0,
      inflight          TEXT,
      in_doubt          TEXT,
      CHECK ((scheme IS NULL) = (client_secret IS NULL) AND (scheme IS NULL) = (user_name IS NULL)),
      CHECK (scheme IS NOT NULL OR (server_secret IS NULL AND mode <> 'proxy'))
    ) STRICT;

    INSERT INTO device_next (
      id, name, mode, origin, scheme, user_name, client_secret, server_secret, allow_plain_http, polling, address, manufacturer, model,
      firmware, dm_version, language, first_seen, last_contact, association_epoch, presence, command_id, sequence, inflight, in_doubt)
    SELECT
      id, name, mode, origin, scheme, user_name, client_secret, server_secret, allow_plain_http, polling, address, manufacturer, model,
      firmware, dm_version, language, first_seen, last_contact, association_epoch,
      CASE WHEN association_epoch > 0 THEN 'attached' ELSE 'known' END, command_id, sequence, inflight, in_doubt
    FROM device;
    DROP TABLE device;
    ALTER TABLE device_next RENAME TO device;
    CREATE INDEX device_discovered ON device (presence, first_seen) WHERE origin = 'discovered';
    CREATE INDEX device_sighted ON device (id) WHERE sighted IS NOT NULL;

    -- It went with the table.
    CREATE TRIGGER device_removed AFTER DELETE ON device BEGIN
      DELETE FROM account WHERE owner = OLD.id;
      DELETE FROM outbox WHERE owner = OLD.id;
      DELETE FROM nonce WHERE leg = 'south/' || OLD.id;
      DELETE FROM nonce WHERE substr(leg, 1, length(OLD.id) + 7) = 'north/' || OLD.id || '/';
    END;

    CREATE TABLE refused_device (
      id         TEXT PRIMARY KEY,
      refused_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX refused_device_by_age ON refused_device (refused_at);

    ALTER TABLE outbox ADD COLUMN after_origin TEXT;
  `,
};
