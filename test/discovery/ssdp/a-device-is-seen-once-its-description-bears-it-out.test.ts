import { expect, test } from 'vitest';
import { eventually } from '../../e2e/eventually.js';
import {
  alive,
  describedAt,
  description,
  deviceId,
  gatewayId,
  group,
  type Host,
  hostAt,
  memberAt,
  message,
  type SsdpSite,
  ssdpSite,
  usn,
} from './ssdp-site.js';

const address = '127.0.7.2';

async function announced(text: (location: string) => string, xml = description(deviceId)) {
  const site = await ssdpSite();
  const device = await hostAt(address, site.port);
  await device.say(text(await describedAt(address, xml)));
  return { site, device };
}

/** Another device is seen: what was said before is over. */
async function laterSeen({ port, seen }: SsdpSite) {
  const other = 'urn:uuid:00000000-0000-4000-8000-000000000009';
  const host = await hostAt('127.0.7.9', port);
  await host.say(alive(await describedAt('127.0.7.9', description(other)), { usn: `${other.slice(4)}::upnp:rootdevice` }));
  await eventually('the later one', () => seen.find(({ id }) => id === other));
  return seen.filter(({ id }) => id !== other);
}

async function firstSeen(site: SsdpSite) {
  return eventually('the device', () => site.seen[0]);
}

test('one that announces itself', async () => {
  const { site } = await announced((location) => alive(location));
  expect(await firstSeen(site)).toEqual({
    id: deviceId,
    by: 'ssdp',
    address,
    name: 'Lamp',
    manufacturer: 'Acme',
    model: 'Glow 7',
    heartbeat: 1_800_000,
  });
});

test.each([
  ['once more a little after the start, as datagrams get lost', 3_000],
  ['at the next interval', 900_000],
])('one that answers the search %s', async (_when, later) => {
  const site = await ssdpSite();
  const member = await memberAt(address, site.port);
  const device = await hostAt(address, site.port);
  site.clock.advance(later);
  await eventually('the search', () => member.heard[0]);
  const headers = [`HOST: ${group}:${site.port}`, 'ST: upnp:rootdevice', 'MAN: "ssdp:discover"', 'MX: 3'];
  expect(member.heard[0]).toBe(message('M-SEARCH * HTTP/1.1', headers));
  const answer = message('HTTP/1.1 200 OK', [`LOCATION: ${await describedAt(address, description(deviceId))}`, `USN: ${usn}`]);
  await device.say(answer, { address: '127.0.7.1', port: member.from[0]?.port ?? 0 });
  expect(await firstSeen(site)).toMatchObject({ id: deviceId, address });
});

test.each([
  ['max-age=1800', 1_800_000],
  ['no-cache, max-age = 120', 120_000],
  ['max-age=1', 60_000],
  ['max-age=999999999', 86_400_000],
])('%s promises to be heard within %i ms', async (maxAge, heartbeat) => {
  const { site } = await announced((location) => alive(location, { maxAge }));
  expect(await firstSeen(site)).toMatchObject({ heartbeat });
});

test.each(['', 'max-age=-5', 'max-age=soon', 's-max-age=9'])('%o promises nothing', async (maxAge) => {
  const { site } = await announced((location) => alive(location, { maxAge }));
  expect(await firstSeen(site)).not.toHaveProperty('heartbeat');
});

test('a UUID in capitals is the same device', async () => {
  const { site } = await announced((location) =>
    alive(location, {
      usn: usn
        .toUpperCase()
        .replace(/^UUID/, 'uuid')
        .replace(/UPNP:ROOTDEVICE$/, 'upnp:rootdevice'),
    }),
  );
  expect(await firstSeen(site)).toMatchObject({ id: deviceId });
});

test.each([
  ['a service', usn.replace('upnp:rootdevice', 'urn:schemas-upnp-org:service:SwitchPower:1')],
  ['a part of it', usn.replace('::upnp:rootdevice', '')],
  ['no UUID', 'uuid:lamp-1::upnp:rootdevice'],
  ['a UUID without hyphens', usn.replaceAll('-', '')],
  ['something before it', `x${usn}`],
  ['something after it', `${usn}x`],
  ['no USN', ''],
  ['nobody', 'uuid:00000000-0000-0000-0000-000000000000::upnp:rootdevice'],
  ['the gateway itself', `${gatewayId.slice(4)}::upnp:rootdevice`],
])('%s is nobody to be seen', async (_what, name) => {
  const id = [gatewayId, 'urn:uuid:00000000-0000-0000-0000-000000000000'].find((one) => name.startsWith(one.slice('urn:'.length)));
  const { site } = await announced((location) => alive(location, { usn: name }), description(id ?? deviceId));
  expect(await laterSeen(site)).toEqual([]);
});

test('it is fetched once, and seen each time it is heard', async () => {
  let fetched = 0;
  const site = await ssdpSite();
  const device = await hostAt(address, site.port);
  const location = await describedAt(address, (_request, response) => {
    fetched += 1;
    response.end(description(deviceId));
  });
  await device.say(alive(location));
  await firstSeen(site);
  for (let count = 0; count < 3; count += 1) await device.say(alive(location));
  await site.arrived();
  expect([site.seen.length, fetched]).toEqual([4, 1]);
});

test('what it calls itself is one line without tricks', async () => {
  const xml = description(deviceId).replace('Lamp', `  L\n\u202ea&#x9;mp${'!'.repeat(200)}`);
  const { site } = await announced((location) => alive(location), xml);
  const { name } = await firstSeen(site);
  expect(name).toMatch(/^L +a +mp!+$/);
  expect(name?.length).toBeLessThanOrEqual(64);
});

test('from another address it is seen there once the description there is its own', async () => {
  const { site } = await announced((location) => alive(location));
  await firstSeen(site);
  const moved: Host = await hostAt('127.0.7.4', site.port);
  await moved.say(alive(await describedAt('127.0.7.4', description(deviceId))));
  await eventually('it has moved', () => site.seen.find((one) => one.address === '127.0.7.4'));
});

test('an answer that says it is not OK is none', async () => {
  const site = await ssdpSite();
  const device = await hostAt(address, site.port);
  await device.say(message('HTTP/1.1 404 Not Found', [`LOCATION: ${await describedAt(address, description(deviceId))}`, `USN: ${usn}`]));
  expect(await laterSeen(site)).toEqual([]);
});
