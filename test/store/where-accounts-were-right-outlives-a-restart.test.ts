import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ManualClock } from '#src/base/index.js';
import { Database } from '#src/store/index.js';
import { gatewayMigrations } from '#src/store/migrations/gateway.js';
import { openStore, temporaryDirectory } from './store-fixture.js';

const day = 86_400_000;

function open(directory = temporaryDirectory()) {
  const clock = new ManualClock();
  const store = openStore(directory, { clock });
  return { directory, clock, store, places: store.knownPlaces };
}

it('a place is known to its account only, also after a restart', async () => {
  const { directory, store, places } = open();
  expect(places.has('account', 'home')).toBe(false);
  places.add('account', 'home');
  await store.committed();
  store.close();
  const after = open(directory).places;
  expect(after.has('account', 'home')).toBe(true);
  expect(after.has('account', 'elsewhere')).toBe(false);
  expect(after.has('another', 'home')).toBe(false);
});

it('one that is known already costs a write once a week', async () => {
  const { clock, store, places } = open();
  places.add('account', 'home');
  await store.committed();
  const { commits } = store;
  for (let passed = 0; passed < 6; passed += 1) {
    clock.advance(day);
    places.add('account', 'home');
    await store.committed();
  }
  expect(store.commits).toBe(commits);
  clock.advance(day);
  places.add('account', 'home');
  await store.committed();
  expect(store.commits).toBe(commits + 1);
});

it('what was not used for long is forgotten, what was is not', () => {
  const { clock, places } = open();
  places.add('account', 'former');
  clock.advance(10 * day);
  places.add('account', 'home');
  places.prune(clock.now() - 5 * day);
  expect([places.has('account', 'former'), places.has('account', 'home')]).toEqual([false, true]);
});

it('of one account eight are kept, the newest, and those of others stay', () => {
  const { clock, places } = open();
  places.add('another', 'home');
  for (let at = 0; at < 20; at += 1) {
    clock.advance(1);
    places.add('account', `${at}`);
  }
  const kept = Array.from({ length: 20 }, (_, at) => at).filter((at) => places.has('account', `${at}`));
  expect(kept).toEqual([12, 13, 14, 15, 16, 17, 18, 19]);
  expect(places.has('another', 'home')).toBe(true);
});

it('of all 16 384 are kept', () => {
  const { clock, places } = open();
  for (let at = 0; at < 16_386; at += 1) {
    clock.advance(1);
    places.add(`${at}`, 'home');
  }
  expect([0, 1, 2, 16_385].map((at) => places.has(`${at}`, 'home'))).toEqual([false, false, true, true]);
});

it('a database that knew of no places learns to keep them', () => {
  const directory = temporaryDirectory();
  Database.open({ file: join(directory, 'gateway.db'), migrations: gatewayMigrations.slice(0, 7) }).close();
  const { places } = open(directory);
  places.add('account', 'home');
  expect(places.has('account', 'home')).toBe(true);
});
