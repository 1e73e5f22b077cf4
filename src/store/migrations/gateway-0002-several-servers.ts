import type { Migration } from '../sqlite/migrations.js';

/**
 * Several servers on one device: each account has its priority, its rights (JSON; NULL: everything) and, where it differs
 * from its device's, its polling policy. When it was last asked is now known of each: what a device had goes to all its accounts.
 */
export const gatewaySeveralServers: Migration = {
  number: 2,
  name: 'several servers',
  sql: `
    ALTER TABLE account ADD COLUMN priority INTEGER NOT NULL DEFAULT 100 CHECK (priority >= 1);
    ALTER TABLE account ADD COLUMN rights TEXT;
    ALTER TABLE account ADD COLUMN polling TEXT;
    ALTER TABLE account ADD COLUMN last_poll INTEGER;
    UPDATE account SET last_poll = (SELECT last_poll FROM device WHERE device.id = account.owner);
    ALTER TABLE device DROP COLUMN last_poll;
  `,
};
