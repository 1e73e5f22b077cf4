import type { Migration } from '../migrations.js';
import { gatewayFirstSchema } from './gateway-0001-first-schema.js';

/** The schema of the gateway's database, oldest step first. */
export const gatewayMigrations: readonly Migration[] = [gatewayFirstSchema];
