import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenGatewayStore } from '#src/store/index.js';
import { account, alert, device } from './store-fixture.js';

const files = ['gateway.db', 'gateway.db-wal'] as const;
type Files = Readonly<Record<(typeof files)[number], Buffer>>;

/** What a state directory holds as a kill leaves it, half of it in the log only, and as a stop does, without the log. */
export interface SoundState {
  readonly killed: Files;
  readonly stopped: Files;
}

/** Fills the store of a directory, which is closed afterwards. */
export async function filledState(directory: string, open: () => OpenGatewayStore): Promise<SoundState> {
  const first = open();
  fill(first, 0, 20);
  await first.committed();
  first.close();
  const stopped = { 'gateway.db': readFileSync(join(directory, 'gateway.db')), 'gateway.db-wal': Buffer.alloc(0) };
  const second = open();
  for (let at = 20; at < 40; at += 1) {
    fill(second, at, at + 1);
    await second.committed();
  }
  const [database, log] = files.map((name) => readFileSync(join(directory, name)));
  second.close();
  return { stopped, killed: { 'gateway.db': database ?? Buffer.alloc(0), 'gateway.db-wal': log ?? Buffer.alloc(0) } };
}

export function fill(store: OpenGatewayStore, from: number, to: number): void {
  if (store.identity.get('devId') === undefined) store.identity.put('devId', 'urn:uuid:1');
  for (let at = from; at < to; at += 1) {
    const id = `${device.id}${at}`;
    store.inventory.declare({ ...device, id });
    store.accounts.declare({ ...account, owner: id });
    store.outbox.enqueue({ ...alert, owner: id, origin: `${id}/1` });
    store.nonces.put(`south/${id}`, 'client', `nonce ${at}`);
    store.lastMessages.put(id, { digest: 'd', content: 'c', at: 0, answer: { contentType: 'x', body: Buffer.alloc(500) } });
  }
}

/** Writes a state in which one to four bytes are others, in either file; what the log has hides what the database has. */
export function writeFlipped({ killed, stopped }: SoundState, directory: string, below: (end: number) => number): void {
  const [sound, file] = below(3) === 0 ? ([killed, 'gateway.db-wal'] as const) : ([stopped, 'gateway.db'] as const);
  const bytes = Buffer.from(sound[file]);
  // Often where the schema and the headers are.
  const end = below(3) === 0 ? 8 * 1024 : bytes.length;
  for (let left = 1 + below(4); left > 0; left -= 1) {
    const at = below(end);
    bytes[at] = (bytes[at] ?? 0) ^ (1 + below(255));
  }
  writeState({ ...sound, [file]: bytes }, directory);
}

export function writeState(state: Files, directory: string): void {
  for (const name of files) writeFileSync(join(directory, name), state[name], { mode: 0o600 });
}
