import type { Migration } from '../sqlite/migrations.js';

/** Where a trigger reaches a client: the text of a trigger address; NULL: nowhere. */
export const smallServerReach: Migration = {
  number: 2,
  name: 'reach',
  sql: 'ALTER TABLE client ADD COLUMN reach TEXT;',
};
