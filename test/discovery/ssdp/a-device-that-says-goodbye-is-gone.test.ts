import { expect, test } from 'vitest';
import { eventually } from '../../e2e/eventually.js';
import { alive, describedAt, description, deviceId, goodbye, hostAt, ssdpSite, usn } from './ssdp-site.js';

async function withDevice() {
  const site = await ssdpSite();
  const device = await hostAt('127.0.7.2', site.port);
  const location = await describedAt('127.0.7.2', description(deviceId));
  await device.say(alive(location));
  await eventually('the device', () => site.seen[0]);
  return { ...site, device, location };
}

test.each([usn, usn.replace('::upnp:rootdevice', '')])('by %s', async (whose) => {
  const { device, arrived, gone } = await withDevice();
  await device.say(goodbye(whose));
  await arrived();
  expect(gone).toEqual([[deviceId, 'ssdp']]);
});

test('once, however often it says so', async () => {
  const { device, arrived, gone } = await withDevice();
  for (let count = 0; count < 3; count += 1) await device.say(goodbye());
  await arrived();
  expect(gone).toHaveLength(1);
});

test('and seen again when it comes back', async () => {
  const { device, location, seen } = await withDevice();
  await device.say(goodbye());
  await device.say(alive(location));
  await eventually('it is back', () => seen[1]);
});

test('but nobody else can say it, nor for a service of it', async () => {
  const { port, device, arrived, gone } = await withDevice();
  const other = await hostAt('127.0.7.3', port);
  await other.say(goodbye());
  await device.say(goodbye(usn.replace('upnp:rootdevice', 'urn:schemas-upnp-org:service:SwitchPower:1')));
  await arrived();
  expect(gone).toEqual([]);
});

test('and one that was never seen is not gone', async () => {
  const { device, arrived, gone } = await withDevice();
  await device.say(goodbye('uuid:00000000-0000-4000-8000-000000000001::upnp:rootdevice'));
  await arrived();
  expect(gone).toEqual([]);
});
