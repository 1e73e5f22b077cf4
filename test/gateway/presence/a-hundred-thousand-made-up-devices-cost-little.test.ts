import { expect, test } from 'vitest';
import { Counters } from '#src/base/index.js';
import { metLimits } from '../../met-limits.js';
import { lamp, minute, openSite } from './presence-site.js';

const madeUp = 100_000;

function name(at: number): string {
  return `urn:uuid:00000000-0000-4000-8000-${String(at).padStart(12, '0')}`;
}

test('rows and writes are bounded, and the oldest in quarantine goes', async () => {
  const counters = new Counters();
  const { under, see } = await openSite({ admission: 'ask' }, { counters });
  see();
  let peak = 0;
  for (let at = 0; at < madeUp; at += 1) {
    see({ id: name(at), name: 'x'.repeat(1000) });
    if (at % 100 === 99) under.clock.advance(second);
    if (at % 10_000 === 0) peak = Math.max(peak, under.store.inventory.discovered().quarantined);
  }
  // A thousand seconds at 60 in a minute, and the first 60 at once.
  const kept = madeUp - under.gateway.presence.turnedAway.tooFast;
  expect(kept).toBeLessThanOrEqual(60 + 1_000);
  expect(peak).toBeLessThanOrEqual(256);
  const { tooFast } = under.gateway.presence.turnedAway;
  expect(metLimits(counters)).toEqual({ 'presence.newPerMinute': tooFast, 'presence.mostQuarantined': madeUp + 1 - tooFast - 256 });
  expect(under.store.inventory.discovered()).toEqual({ quarantined: 256, admitted: 0 });
  expect(under.store.inventory.find(lamp)).toBeUndefined();
  expect(JSON.stringify(under.store.inventory.list()).length).toBeLessThan(256 * 1_000);
  expect(under.clock.pending().filter((timer) => timer === 'presence')).toEqual([]);
});

test('where all are let in, further ones are not', async () => {
  const counters = new Counters();
  const { under, see } = await openSite({ admission: 'open', mostDiscovered: 20 }, { counters });
  for (let at = 0; at < 50; at += 1) see({ id: name(at) });
  expect(under.store.inventory.discovered()).toEqual({ quarantined: 0, admitted: 20 });
  expect(under.gateway.presence.turnedAway).toMatchObject({ tooMany: 30, tooFast: 0 });
  expect(metLimits(counters)).toEqual({ 'presence.mostDiscovered': 30 });
});

test('a device that was let in and put in quarantine does not make room for others', async () => {
  const { under, see } = await openSite({ admission: 'ask', mostQuarantined: 2 });
  see();
  under.gateway.presence.admit(lamp);
  under.gateway.presence.quarantine(lamp);
  for (let at = 0; at < 5; at += 1) see({ id: name(at) });
  expect(under.store.inventory.list().map(({ id }) => id)).toEqual([name(4), lamp].sort());
});

test('one that is known and changes what it says costs a write in a minute', async () => {
  const { under, see } = await openSite({ admission: 'open' });
  see();
  await under.store.committed();
  const { commits } = under.store;
  for (let at = 0; at < 1_000; at += 1) {
    see({ manufacturer: `Acme ${at}`, by: at % 2 ? 'ssdp' : 'mdns' });
    under.gateway.sightings.gone(lamp, at % 2 ? 'ssdp' : 'mdns');
    await under.store.committed();
  }
  expect(under.store.commits - commits).toBeLessThanOrEqual(1);
  under.clock.advance(minute);
});

const second = 1_000;
