import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientOf, readConversation, type Turn } from '../../house/conversations/read-conversation.js';
import { headerOf } from '../recorded-messages.js';
import type { Site } from '../site.js';

/** One file of a recorded flow, without its number. */
export interface Part {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Ends the gateway, so that everything recorded is on disk, and returns it in order. */
export async function recordedBy(site: Site, record: string): Promise<Turn[]> {
  await site.gateway.stop();
  return readConversation(record);
}

/** The last session of a client on the southern leg, with what the gateway said north for it meanwhile. */
export function lastSessionOf(turns: readonly Turn[], client: string): Turn[] {
  const own = turns.filter((turn) => clientOf(turn) === client);
  const south = own.filter(({ leg }) => leg === 'south');
  const last = sessionId(south.at(-1));
  const first = own.findIndex((turn) => turn.leg === 'south' && sessionId(turn) === last);
  return own.slice(first);
}

/** Every message of one client on the northern leg. */
export function northernSessionsOf(turns: readonly Turn[], client: string): Turn[] {
  return turns.filter((turn) => turn.leg === 'north' && clientOf(turn) === client);
}

/** What was recorded, as it was. */
export function partsOf(record: string, turns: readonly Turn[]): Part[] {
  return turns.map(({ file }) => ({ name: file.replace(/^\d+-/, ''), bytes: readFileSync(join(record, file)) }));
}

/** Writes the files of a flow, numbered anew. */
export function writeParts(folder: string, parts: readonly Part[]): void {
  mkdirSync(folder, { recursive: true });
  for (const [at, { name, bytes }] of parts.entries()) writeFileSync(join(folder, `${String(at + 1).padStart(4, '0')}-${name}`), bytes);
}

function sessionId(turn: Turn | undefined): string | undefined {
  return turn?.said === undefined ? undefined : headerOf(turn.said.message).sessionId;
}
