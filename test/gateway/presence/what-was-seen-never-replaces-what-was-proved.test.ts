import { expect, test } from 'vitest';
import { shownFacts, shownName } from '#src/gateway/index.js';
import { get, results } from '../commands.js';
import { declareDevice, deviceId } from '../gateway-under-test.js';
import { FarDevice } from '../peers.js';
import { heard, lamp, minute, openSite, settle } from './presence-site.js';

const spoofed = { id: deviceId, address: '192.0.2.66', manufacturer: 'Evil', model: 'Trap', firmware: '6.6.6', name: 'Yours' };

test('facts that a session stated stay, and nothing is sent to an address that was only seen', async () => {
  const { under, see } = await openSite();
  declareDevice(under, [], { name: 'Kitchen' });
  see(spoofed);
  expect(under.store.inventory.find(deviceId)?.facts).toEqual({});
  await new FarDevice(under.url).session();
  under.clock.advance(2 * minute);
  see(spoofed);
  const device = under.store.inventory.find(deviceId) ?? expect.fail('it is known');
  const proved = { address: '127.0.0.1', manufacturer: 'Acme', model: 'Lamp' };
  expect(device.facts).toMatchObject(proved);
  expect(shownFacts(device)).toMatchObject(proved);
  expect(shownName(device)).toBe('Kitchen');
});

test('who a transparent device is by its address is not for the LAN to say', async () => {
  const allow = [{ host: 'dm.example', port: 443 }];
  const { under, see } = await openSite({}, { transparent: { allow, addresses: new Map([['192.0.2.9', deviceId]]) } });
  declareDevice(under, [], { mode: 'transparent' });
  await under.gateway.gatekeeper.contact(deviceId, '192.0.2.9');
  see(spoofed);
  under.clock.advance(settle);
  expect(under.gateway.gatekeeper.identify({ address: '192.0.2.66', encrypted: true })).toBeUndefined();
  expect(under.gateway.gatekeeper.identify({ address: '192.0.2.9', encrypted: true })).toBe(deviceId);
  expect(under.store.inventory.find(deviceId)?.facts.address).toBe('192.0.2.9');
});

test('a transparent device without a password is known by its address alone', async () => {
  const { under } = await openSite({}, { transparent: { allow: [], addresses: new Map([['192.0.2.9', deviceId]]) } });
  const { south: _, ...bare } = declareDevice(under, [], { mode: 'transparent' });
  under.store.inventory.declare(bare);
  const authorization = `Basic ${Buffer.from(`${deviceId}:`).toString('base64')}`;
  expect(under.gateway.gatekeeper.identify({ address: '192.0.2.9', encrypted: true })).toBe(deviceId);
  expect(under.gateway.gatekeeper.identify({ address: '192.0.2.8', encrypted: true, authorization })).toBeUndefined();
});

test('several ways see one device, and add to what is known of it', async () => {
  const { under, see } = await openSite();
  see({ manufacturer: 'Acme', address: '192.0.2.7' });
  see({ by: 'mdns', id: lamp.toUpperCase(), model: 'Lamp 2', name: 'Hall\u{202e}\n  lamp' });
  under.clock.advance(settle + minute);
  see({ by: 'dhcp' });
  expect(under.store.inventory.list()).toHaveLength(1);
  expect(under.store.inventory.find(lamp)).toMatchObject({
    presence: 'attached',
    sighted: {
      facts: { manufacturer: 'Acme', address: '192.0.2.7', model: 'Lamp 2', name: 'Hall lamp' },
      ways: { ssdp: {}, mdns: {}, dhcp: {} },
    },
  });
});

test('servers read what was seen of a device that has proved nothing, and where it stands', async () => {
  const record = `./GwInventory/Records/${lamp}`;
  const batches = [[get('m', `${record}/Man`), get('s', `${record}/Status`), get('p', `${record}/Mode`), get('l', `${record}/LastSeen`)]];
  const site = await openSite({ admission: 'open' }, { script: { batches } });
  const { under, server } = site;
  site.see({ manufacturer: 'Acme' });
  under.clock.advance(settle);
  await heard(site, 1);
  expect(results(server.replies)).toEqual([
    `${record}/Man=Acme`,
    `${record}/Status=1`,
    `${record}/Mode=3`,
    `${record}/LastSeen=20260101T000000Z`,
  ]);
});
