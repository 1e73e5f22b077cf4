import type { Migration } from '../sqlite/migrations.js';

/** By which way each device hears of triggers; NULL: it is not told. */
export const gatewayDeviceTriggers: Migration = {
  number: 6,
  name: 'device triggers',
  sql: `
    ALTER TABLE device ADD COLUMN told_by TEXT CHECK (told_by IN ('udp', 'mqtt', 'poll'));
    ALTER TABLE device ADD COLUMN told_port INTEGER CHECK ((told_by = 'udp') = (told_port IS NOT NULL));
  `,
};
