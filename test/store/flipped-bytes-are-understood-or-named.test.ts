import { expect, it } from 'vitest';
import { isPosternError, ManualClock } from '#src/base/index.js';
import { gatewayOwner } from '#src/gateway/index.js';
import { createSealer } from '#src/security/index.js';
import { type OpenGatewayStore, openGatewayStore } from '#src/store/index.js';
import { openSecret } from '../../src/store/sealed-secret.js';
import { seededRandom } from '../e2e/seeded-random.js';
import { fill, filledState, writeFlipped } from './flipped-state.js';
import { openStore, temporaryDirectory } from './store-fixture.js';

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
  const origin = temporaryDirectory();
  const sound = await filledState(origin, () => openStore(origin));
  const outcomes = new Map<string, number>();
  for (let flip = 0; flip < flips; flip += 1) {
    const directory = temporaryDirectory();
    writeFlipped(sound, directory, below);
    const outcome = await outcomeOf(directory, `flip ${flip}`);
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
