import { expect, test } from 'vitest';
import { openGateway } from '../gateway-under-test.js';
import { grace, heard, lamp, openSite, settle, told } from './presence-site.js';

test('by the next sighting, also after a restart, until it is admitted', async () => {
  const { under, see, presence } = await openSite();
  see();
  under.gateway.presence.refuse(lamp);
  see();
  expect(presence()).toBeUndefined();
  expect(under.gateway.presence.turnedAway.refused).toBe(1);
  await under.stop();
  const again = await openGateway({ directory: under.directory });
  again.gateway.sightings.seen({ id: lamp, by: 'mdns' });
  expect(again.store.inventory.find(lamp)).toBeUndefined();
  expect(again.gateway.presence.admit(lamp)).toBe(true);
  again.gateway.sightings.seen({ id: lamp, by: 'mdns' });
  again.clock.advance(settle);
  expect(again.store.inventory.find(lamp)?.presence).toBe('attached');
});

test('in whatever case its identity is written', async () => {
  const { under, see } = await openSite();
  under.gateway.presence.refuse(lamp.toUpperCase().replace('URN:UUID', 'urn:uuid'));
  see();
  expect(under.store.inventory.list()).toEqual([]);
});

test('servers that know of it hear that it has left', async () => {
  const site = await openSite();
  site.see();
  site.under.clock.advance(settle);
  await heard(site, 1);
  site.under.gateway.presence.refuse(lamp);
  await heard(site, 2);
  expect(told(site.server)).toEqual([`attached ${lamp}/1`, `detached ${lamp}/1`]);
  site.under.clock.advance(grace);
});

test('as many are remembered as may be, the oldest is forgotten', async () => {
  const { under } = await openSite({ mostRefused: 3 });
  for (let at = 0; at < 5; at += 1) {
    under.gateway.presence.refuse(`urn:x:${at}`);
    under.clock.advance(1);
  }
  expect(under.store.refusals.list().map(({ id }) => id)).toEqual(['urn:x:2', 'urn:x:3', 'urn:x:4']);
});

test('nobody is let in who is neither known nor refused', async () => {
  const { under } = await openSite();
  expect(under.gateway.presence.admit('urn:x:unknown')).toBe(false);
  expect(under.gateway.presence.quarantine('urn:x:unknown')).toBe(false);
});
