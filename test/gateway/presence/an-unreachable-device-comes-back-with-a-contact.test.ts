import { expect, test } from 'vitest';
import { get, results } from '../commands.js';
import { declareDevice, deviceId } from '../gateway-under-test.js';
import { FarDevice } from '../peers.js';
import { grace, heard, minute, openSite, queued } from './presence-site.js';

async function openUnreachable() {
  const site = await openSite();
  declareDevice(site.under);
  await new FarDevice(site.under.url).session();
  await heard(site, 1);
  site.under.gateway.presence.unreachable(deviceId);
  return site;
}

test('it did not come when it was called: attached still, and shown as unreachable', async () => {
  const { under, server, presence } = await openUnreachable();
  expect(presence(deviceId)).toBe('unreachable');
  expect(queued(under)).toEqual([]);
  server.batches = [[get('s', `./GwInventory/Records/${deviceId}/Status`)]];
  await under.gateway.tryAccount(under.store.accounts.get('gateway', 'operator') ?? expect.fail('there is one'));
  expect(results(server.replies)).toEqual([`./GwInventory/Records/${deviceId}/Status=2`]);
});

test('a session brings it back, as the same association', async () => {
  const { under, presence } = await openUnreachable();
  await new FarDevice(under.url).session();
  expect(presence(deviceId)).toBe('attached');
  expect(under.store.inventory.find(deviceId)?.associationEpoch).toBe(1);
});

test('to be seen proves nothing, but to leave counts', async () => {
  const { under, see, presence } = await openUnreachable();
  see({ id: deviceId });
  under.clock.advance(10 * minute);
  expect(presence(deviceId)).toBe('unreachable');
  under.gateway.sightings.gone(deviceId, 'ssdp');
  under.clock.advance(grace);
  expect(presence(deviceId)).toBe('detached');
});

test('one that is not here cannot be unreachable', async () => {
  const { under, presence } = await openSite();
  declareDevice(under);
  under.gateway.presence.unreachable(deviceId);
  expect(presence(deviceId)).toBe('known');
});
