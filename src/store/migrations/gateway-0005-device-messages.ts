import type { Migration } from '../sqlite/migrations.js';

/** What waits for devices at the embedded broker; and who logs in there is found by the user name that it shows. */
export const gatewayDeviceMessages: Migration = {
  number: 5,
  name: 'device messages',
  sql: `
    CREATE TABLE device_message (
      id         INTEGER PRIMARY KEY AUTOINCREMENT,
      device     TEXT NOT NULL REFERENCES device (id) ON DELETE CASCADE,
      leaf       TEXT NOT NULL,
      payload    BLOB NOT NULL,
      bytes      INTEGER NOT NULL,
      created_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX device_message_by_device ON device_message (device, bytes);
    CREATE INDEX device_message_by_age ON device_message (created_at);
    CREATE INDEX device_by_user_name ON device (user_name);
  `,
};
