import type { Migration } from '../sqlite/migrations.js';

/** In which encoding each DM server is spoken to. */
export const gatewayAccountEncoding: Migration = {
  number: 7,
  name: 'account encoding',
  sql: `
    ALTER TABLE account ADD COLUMN encoding TEXT NOT NULL DEFAULT 'xml' CHECK (encoding IN ('xml', 'wbxml'));
  `,
};
