import { expect, test } from 'vitest';
import { FarDevice, until } from '../peers.js';
import { lamp, minute, openSite, settle, told } from './presence-site.js';

test('ask: it waits in quarantine; admitted, it is attached at once, since it is there', async () => {
  const { under, server, see, presence } = await openSite({});
  see({ name: 'Lamp', manufacturer: 'Acme', address: '192.0.2.7' });
  under.clock.advance(minute);
  expect(under.store.inventory.find(lamp)).toMatchObject({ mode: 'adaptation', origin: 'discovered', presence: 'quarantined' });
  expect(under.gateway.presence.admit(lamp)).toBe(true);
  expect(presence()).toBe('attached');
  await until(() => told(server).length === 1);
  expect(told(server)).toEqual([`attached ${lamp}/1`]);
});

test('ask: admitted after it has left, it is attached when it comes again and stays', async () => {
  const { under, see, presence } = await openSite({});
  see();
  under.gateway.sightings.gone(lamp, 'ssdp');
  under.gateway.presence.admit(lamp);
  under.clock.advance(minute);
  expect(presence()).toBe('known');
  see();
  under.clock.advance(settle);
  expect(presence()).toBe('attached');
});

test('open: it is attached when it is still there after a while', async () => {
  const { under, server, see, presence } = await openSite({ admission: 'open' });
  see();
  under.clock.advance(settle - 1);
  expect(presence()).toBe('known');
  under.clock.advance(1);
  expect(presence()).toBe('attached');
  await until(() => told(server).length === 1);
});

test('closed: it is counted, and nothing of it is kept', async () => {
  const { under, see } = await openSite({ admission: 'closed' });
  await under.store.committed();
  const { commits } = under.store;
  see();
  see();
  await under.store.committed();
  expect(under.store.commits).toBe(commits);
  expect(under.store.inventory.list()).toEqual([]);
  expect(under.gateway.presence.turnedAway.closed).toBe(2);
});

test.each(['open', 'ask'] as const)('%s: a session needs credentials all the same', async (admission) => {
  const { under, see, presence } = await openSite({ admission });
  see();
  under.clock.advance(settle);
  const before = presence();
  expect((await new FarDevice(under.url, { id: lamp }).session()).reason).not.toBe('complete');
  expect(under.store.inventory.find(lamp)).toMatchObject({ presence: before, facts: {} });
});

test('what is no DevId, and what the gateway says of itself, is nobody', async () => {
  const { under, see } = await openSite();
  for (const id of ['gateway', '', 'urn:', 'urn:uuid:a b', `urn:x:${'x'.repeat(128)}`, 'urn:x:\u{1b}[2J']) see({ id });
  see({ id: 'urn:uuid:6f1c6f0e-0000-4000-8000-000000000001' });
  expect(under.store.inventory.list()).toEqual([]);
});
