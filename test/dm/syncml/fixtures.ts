import { readdirSync, readFileSync } from 'node:fs';
import type { SyncMLMessage } from '#src/dm/syncml/index.js';

const folder = new URL('../../fixtures/syncml/', import.meta.url);

/** All golden messages by name. */
export const fixtureNames = readdirSync(folder)
  .filter((file) => file.endsWith('.xml'))
  .map((file) => file.slice(0, -'.xml'.length));

export function fixtureXml(name: string): Buffer {
  return readFileSync(new URL(`${name}.xml`, folder));
}

export function fixtureWbxml(name: string): Buffer {
  return readFileSync(new URL(`${name}.wbxml`, folder));
}

export function fixtureMessage(name: string): SyncMLMessage {
  return JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'));
}

export function fixtureOrigins(): string {
  return readFileSync(new URL('origins.yaml', folder), 'utf8');
}
