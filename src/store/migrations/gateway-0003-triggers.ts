import type { Migration } from '../sqlite/migrations.js';

/** Triggers that were proved. What is `used` cannot be told from a repeat by its nonce, so it is remembered. */
export const gatewayTriggers: Migration = {
  number: 3,
  name: 'triggers',
  sql: `
    CREATE TABLE session_request (
      owner       TEXT NOT NULL,
      server_id   TEXT NOT NULL,
      nonce       TEXT NOT NULL,
      session_id  TEXT NOT NULL,
      state       TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'used')),
      ui_mode     TEXT NOT NULL,
      initiator   TEXT NOT NULL,
      carrier     TEXT NOT NULL,
      received_at INTEGER NOT NULL,
      PRIMARY KEY (owner, server_id, nonce, session_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX session_request_pending ON session_request (received_at) WHERE state = 'pending';

    CREATE TRIGGER account_requests_removed AFTER DELETE ON account BEGIN
      DELETE FROM session_request WHERE owner = OLD.owner AND server_id = OLD.server_id;
    END;
  `,
};
