import { expect, it } from 'vitest';
import { ManualClock, PosternError, silentLog } from '#src/base/index.js';
import { Mending, type MendingParts } from '#src/store/sqlite/mending.js';
import { openStore, temporaryDirectory } from './store-fixture.js';

const full = new PosternError('store.full', { file: 'gateway.db' });
const turn = () => new Promise((resolve) => setImmediate(resolve));

it('is written every two seconds until it takes it, and then no more', async () => {
  const { clock, database, mending } = failing({ room: () => 2 ** 30 });
  mending.begin();
  mending.begin();
  expect(clock.pending()).toEqual(['store-mending']);
  for (let look = 1; look <= 3; look += 1) {
    clock.advance(2_000);
    await turn();
    expect(database.tries).toBe(look);
  }
  database.isFull = false;
  clock.advance(2_000);
  await turn();
  expect([database.failure, clock.pending()]).toEqual([undefined, []]);
});

it('is left alone while the disk has less than a MiB free', async () => {
  const { clock, database, mending } = failing({ room: () => 1024 * 1024 - 1 });
  mending.begin();
  clock.advance(2_000);
  await turn();
  expect([database.tries, clock.pending()]).toEqual([0, ['store-mending']]);
});

it('is not tried again once it is damaged, or closed', async () => {
  const { clock, database, mending } = failing({});
  database.failure = new PosternError('store.damaged', { file: 'gateway.db', what: 'a page' });
  mending.begin();
  clock.advance(2_000);
  await turn();
  expect([database.tries, clock.pending()]).toEqual([0, []]);
  mending.stop();
  mending.begin();
  expect(clock.pending()).toEqual([]);
});

it('a store that is well looks at nothing, and what is tried changes nothing', async () => {
  const clock = new ManualClock();
  const store = openStore(temporaryDirectory(), { clock });
  store.identity.put('devId', 'urn:uuid:1');
  await store.committed();
  expect([clock.pending(), store.losses]).toEqual([[], 0]);
});

function failing(parts: Partial<MendingParts>) {
  const clock = new ManualClock();
  const database = {
    isFull: true,
    failure: full as PosternError | undefined,
    tries: 0,
    async tryToWrite() {
      this.tries += 1;
      if (this.isFull) throw full;
      this.failure = undefined;
    },
  };
  return { clock, database, mending: new Mending({ database, directory: '/', clock, log: silentLog, ...parts }) };
}
