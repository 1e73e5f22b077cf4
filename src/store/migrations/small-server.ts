import type { Migration } from '../sqlite/migrations.js';
import { smallServerFirstSchema } from './small-server-0001-first-schema.js';
import { smallServerReach } from './small-server-0002-reach.js';

/** The schema of the small DM server's database, oldest step first. */
export const smallServerMigrations: readonly Migration[] = [smallServerFirstSchema, smallServerReach];
