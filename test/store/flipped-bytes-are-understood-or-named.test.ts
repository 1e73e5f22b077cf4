import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isPosternError, ManualClock } from '#src/base/index.js';
import { gatewayOwner } from '#src/gateway/index.js';
import { createSealer } from '#src/security/index.js';
import { type OpenGatewayStore, openGatewayStore } from '#src/store/index.js';
import { openSecret } from '../../src/store/sealed-secret.js';
import { seededRandom } from '../e2e/seeded-random.js';
import { account, alert, device, openStore, temporaryDirectory } from './store-fixture.js';

const flips = 200;
/** What is followed by safe mode, or by a sentence with what to do; a device whose key was hit is not there for those who write of it. */
const named = [
  'store.damaged',
  'store.newer',
  'store.migration-failed',
  'store.unknown-device',
  'store.input-output',
  'security.wrong-key',
  'security.sealed-damaged',
];
const seed = Number(process.env['POSTERN_SEED'] ?? Date.now() % 2 ** 31);

it(`after each of ${flips} flips of random bytes the store opens, reads and writes, or says by name what is wrong`, {
  timeout: 120_000,
}, async () => {
  process.stdout.write(`POSTERN_SEED=${seed}\n`);
  const below = seededRandom(seed);
  const sound = await filled();
  const outcomes = new Map<string, number>();
  for (let flip = 0; flip < flips; flip += 1) {
    const outcome = await outcomeOf(flipped(sound, below), `flip ${flip}`);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  expect([...outcomes.keys()].filter((outcome) => outcome !== 'sound' && !named.includes(outcome))).toEqual([]);
  expect(outcomes.get('sound')).toBeGreaterThan(0);
  expect(outcomes.get('store.damaged')).toBeGreaterThan(0);
});

it.each([undefined, null, 7, Buffer.alloc(40)])('a column that holds %s where a sealed secret was is named', (value) => {
  expect(() => openSecret(createSealer(Buffer.alloc(32, 1)), value, 'here')).toThrow(
    expect.objectContaining({ code: 'security.sealed-damaged' }),
  );
});

const files = ['gateway.db', 'gateway.db-wal'] as const;
type State = Readonly<Record<(typeof files)[number], Buffer>>;

/** A state directory as a kill leaves it, half of it in the log only, and as a stop does, without the log. */
async function filled(): Promise<{ readonly killed: State; readonly stopped: State }> {
  const directory = temporaryDirectory();
  const first = openStore(directory);
  fill(first, 0, 20);
  await first.committed();
  first.close();
  const stopped = { 'gateway.db': readFileSync(join(directory, 'gateway.db')), 'gateway.db-wal': Buffer.alloc(0) };
  const second = openStore(directory);
  fill(second, 20, 40);
  await second.committed();
  const [database, log] = files.map((name) => readFileSync(join(directory, name)));
  return { stopped, killed: { 'gateway.db': database ?? Buffer.alloc(0), 'gateway.db-wal': log ?? Buffer.alloc(0) } };
}

function fill(store: OpenGatewayStore, from: number, to: number): void {
  store.identity.put('devId', 'urn:uuid:1');
  for (let at = from; at < to; at += 1) {
    const id = `${device.id}${at}`;
    store.inventory.declare({ ...device, id });
    store.accounts.declare({ ...account, owner: id });
    store.outbox.enqueue({ ...alert, owner: id, origin: `${id}/1` });
    store.nonces.put(`south/${id}`, 'client', `nonce ${at}`);
    store.lastMessages.put(id, { digest: 'd', content: 'c', at: 0, answer: { contentType: 'x', body: Buffer.alloc(500) } });
  }
}

/** One to four bytes are others, in either file; what the log has hides what the database has. */
function flipped({ killed, stopped }: Awaited<ReturnType<typeof filled>>, below: (end: number) => number): string {
  const directory = temporaryDirectory();
  const [sound, file] = below(3) === 0 ? ([killed, 'gateway.db-wal'] as const) : ([stopped, 'gateway.db'] as const);
  const bytes = Buffer.from(sound[file]);
  // Often where the schema and the headers are.
  const end = below(3) === 0 ? 8 * 1024 : bytes.length;
  for (let left = 1 + below(4); left > 0; left -= 1) {
    const at = below(end);
    bytes[at] = (bytes[at] ?? 0) ^ (1 + below(255));
  }
  for (const name of files) writeFileSync(join(directory, name), name === file ? bytes : sound[name], { mode: 0o600 });
  return directory;
}

/** `sound`, or the code of the error; what is none of ours, with what it says. */
async function outcomeOf(directory: string, flip: string): Promise<string> {
  let store: OpenGatewayStore | undefined;
  try {
    store = openGatewayStore({ directory, sealer: createSealer(Buffer.alloc(32, 1)), clock: new ManualClock() });
    await use(store);
    return 'sound';
  } catch (error) {
    return isPosternError(error) ? error.code : `${flip}: ${error instanceof Error ? error.stack : String(error)}`;
  } finally {
    store?.close();
  }
}

/** As a start of the gateway does, and the first of everything afterwards. */
async function use(store: OpenGatewayStore): Promise<void> {
  store.identity.get('devId');
  store.outbox.prune(0);
  store.triggers.expire(0);
  store.inventory.sighted();
  store.accounts.policies();
  for (const id of store.inventory.ids()) {
    store.inventory.get(id);
    store.accounts.list(id);
    store.nonces.get(`south/${id}`, 'client');
    store.lastMessages.get(id);
    store.acls.list(id, 'operator');
    store.outbox.pending(id, 'operator');
  }
  store.accounts.list(gatewayOwner);
  store.outbox.due();
  store.triggers.pending();
  store.refusals.list();
  fill(store, 40, 41);
  await store.committed();
}
