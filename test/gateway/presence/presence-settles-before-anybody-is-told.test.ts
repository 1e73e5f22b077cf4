import { expect, test } from 'vitest';
import { declareDevice, deviceId } from '../gateway-under-test.js';
import { FarDevice } from '../peers.js';
import { grace, heard, lamp, minute, openSite, queued, second, settle, told } from './presence-site.js';

async function openAttached(more = {}) {
  const site = await openSite();
  site.see(more);
  site.under.clock.advance(settle);
  await heard(site, 1);
  return { ...site, gone: (by: 'ssdp' | 'mdns' = 'ssdp') => site.under.gateway.sightings.gone(lamp, by) };
}

test('one that leaves before it has settled was never here', async () => {
  const { under, see, presence } = await openSite();
  see();
  under.gateway.sightings.gone(lamp, 'ssdp');
  under.clock.advance(minute);
  expect(presence()).toBe('known');
  expect(queued(under)).toEqual([]);
});

test('a goodbye counts when it has not come back after the time of grace', async () => {
  const { under, server, presence, gone } = await openAttached();
  gone();
  under.clock.advance(grace - 1);
  expect(presence()).toBe('attached');
  under.clock.advance(1);
  expect(presence()).toBe('detached');
  await heard({ under, server }, 2);
  expect(told(server)).toEqual([`attached ${lamp}/1`, `detached ${lamp}/1`]);
});

test('one that is back within it is missed by nobody', async () => {
  const { under, server, see, presence, gone } = await openAttached();
  for (let flap = 0; flap < 20; flap += 1) {
    gone();
    under.clock.advance(grace - second);
    see();
    under.clock.advance(second);
  }
  under.clock.advance(10 * grace);
  expect(presence()).toBe('attached');
  expect(queued(under)).toEqual([]);
  expect(told(server)).toEqual([`attached ${lamp}/1`]);
});

test('every way that has seen it has to say goodbye', async () => {
  const { under, see, presence, gone } = await openAttached();
  see({ by: 'mdns' });
  gone('ssdp');
  under.clock.advance(10 * grace);
  expect(presence()).toBe('attached');
  gone('mdns');
  under.clock.advance(grace);
  expect(presence()).toBe('detached');
});

test('a goodbye by a way that has never seen it says nothing', async () => {
  const { under, presence, gone } = await openAttached();
  gone('mdns');
  under.gateway.sightings.gone('urn:uuid:unknown', 'mdns');
  under.clock.advance(10 * grace);
  expect(presence()).toBe('attached');
});

test('silence counts where a heartbeat was promised, after it and the time of grace', async () => {
  const heartbeat = 30 * minute;
  const { under, see, presence } = await openAttached({ heartbeat });
  under.clock.advance(20 * minute);
  see({ heartbeat });
  under.clock.advance(heartbeat + grace - 1);
  expect(presence()).toBe('attached');
  under.clock.advance(1);
  expect(presence()).toBe('detached');
});

test('silence says nothing where nothing was promised, however long', async () => {
  const { under, presence } = await openAttached();
  under.clock.advance(400 * 86_400_000);
  expect(presence()).toBe('attached');
});

test('one that comes back after it was detached is attached anew, under the next number', async () => {
  const { under, server, see, gone } = await openAttached();
  gone();
  under.clock.advance(grace);
  see();
  under.clock.advance(settle);
  await heard({ under, server }, 3);
  expect(told(server)).toEqual([`attached ${lamp}/1`, `detached ${lamp}/1`, `attached ${lamp}/2`]);
});

test('a session attaches at once, and ends what a goodbye has begun', async () => {
  const { under, see, presence } = await openSite();
  declareDevice(under);
  await new FarDevice(under.url).session();
  expect(presence(deviceId)).toBe('attached');
  see({ id: deviceId });
  under.gateway.sightings.gone(deviceId, 'ssdp');
  under.clock.advance(grace - second);
  await new FarDevice(under.url).session();
  under.clock.advance(10 * grace);
  expect(presence(deviceId)).toBe('attached');
  expect(under.store.inventory.find(deviceId)?.associationEpoch).toBe(1);
});

test('a session is a heartbeat too', async () => {
  const heartbeat = 30 * minute;
  const { under, see, presence } = await openSite();
  declareDevice(under);
  see({ id: deviceId, heartbeat });
  under.clock.advance(20 * minute);
  await new FarDevice(under.url).session();
  under.clock.advance(20 * minute);
  expect(presence(deviceId)).toBe('attached');
  under.clock.advance(11 * minute);
  expect(presence(deviceId)).toBe('detached');
});

test('a clock that is set moves nothing', async () => {
  const { under, presence, gone } = await openAttached({ heartbeat: 30 * minute });
  const now = under.clock.now.bind(under.clock);
  Object.assign(under.clock, { now: () => now() + 365 * 86_400_000 });
  under.clock.advance(minute);
  expect(presence()).toBe('attached');
  gone();
  under.clock.advance(grace);
  expect(presence()).toBe('detached');
});
