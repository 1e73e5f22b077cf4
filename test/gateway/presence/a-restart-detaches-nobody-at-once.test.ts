import { expect, test } from 'vitest';
import { ManualClock } from '#src/base/index.js';
import { type GatewayUnderTest, openGateway } from '../gateway-under-test.js';
import { grace, heard, lamp, minute, openSite, settle } from './presence-site.js';

const heartbeat = 30 * minute;

async function openAttached(more: object = {}) {
  const site = await openSite();
  site.see(more);
  site.under.clock.advance(settle);
  await heard(site, 1);
  return site;
}

/** Years later, by the clock on the wall. */
async function startAgain({ directory }: GatewayUnderTest) {
  const again = await openGateway({ directory, clock: new ManualClock(Date.UTC(2030, 0, 1)) });
  again.gateway.start();
  return { again, presence: () => again.store.inventory.find(lamp)?.presence };
}

test('what promised to be heard again gets the whole time', async () => {
  const { under } = await openAttached({ heartbeat });
  await under.stop();
  const { again, presence } = await startAgain(under);
  again.clock.advance(heartbeat + grace - 1);
  expect(presence()).toBe('attached');
  again.clock.advance(1);
  expect(presence()).toBe('detached');
});

test('a goodbye before it is remembered, and gets the whole time of grace', async () => {
  const { under, see } = await openAttached();
  // That is written, and what follows within a minute is not, before we stop.
  see();
  under.gateway.sightings.gone(lamp, 'ssdp');
  await under.stop();
  const { again, presence } = await startAgain(under);
  again.clock.advance(grace - 1);
  expect(presence()).toBe('attached');
  again.clock.advance(1);
  expect(presence()).toBe('detached');
});

test('what our own end ends is no goodbye', async () => {
  const { under } = await openAttached();
  const { sightings } = under.gateway;
  await under.gateway.stop(0);
  sightings.gone(lamp, 'ssdp');
  await under.stop();
  const { again, presence } = await startAgain(under);
  again.clock.advance(10 * grace);
  expect(presence()).toBe('attached');
});

test('what had not settled begins anew', async () => {
  const { under, see } = await openSite();
  see();
  await under.stop();
  const { again, presence } = await startAgain(under);
  expect(presence()).toBe('known');
  again.clock.advance(settle);
  expect(presence()).toBe('attached');
});

test('quarantine, unreachability and what was seen survive a kill', async () => {
  const { under, see } = await openAttached({ name: 'Lamp' });
  under.gateway.presence.unreachable(lamp);
  see({ id: 'urn:uuid:other' });
  under.gateway.presence.quarantine('urn:uuid:other');
  await under.store.committed();
  await under.kill();
  const { again, presence } = await startAgain(under);
  expect(presence()).toBe('unreachable');
  expect(again.store.inventory.find(lamp)?.sighted).toMatchObject({ facts: { name: 'Lamp' }, ways: { ssdp: {} } });
  expect(again.store.inventory.find('urn:uuid:other')?.presence).toBe('quarantined');
});

test('starting on what is there costs no write', async () => {
  const { under } = await openAttached({ heartbeat });
  await under.stop();
  const { again } = await startAgain(under);
  await again.store.committed();
  expect(again.store.commits).toBe(0);
});
