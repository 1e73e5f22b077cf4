import { expect, test } from 'vitest';
import { eventually } from '../../e2e/eventually.js';
import { alive, describedAt, description, deviceId, hostAt, type SsdpSite, soon, ssdpSite } from './ssdp-site.js';

function idOf(number: number): string {
  return `urn:uuid:00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
}

function usnOf(id: string): string {
  return `${id.slice('urn:'.length)}::upnp:rootdevice`;
}

/** A host that is every device that it says it is, and answers as its path demands. */
async function everybody(address: string, port: number) {
  const host = await hostAt(address, port);
  let requests = 0;
  const base = await describedAt(address, (request, response) => {
    requests += 1;
    setImmediate(() => response.end(description(decodeURIComponent(new URL(request.url ?? '', 'http://x').search.slice(1)))));
  });
  const announce = (id: string) => host.say(alive(`${base}?${id}`, { usn: usnOf(id) }));
  return { announce, requests: () => requests };
}

async function quiet({ arrived }: SsdpSite, requests: () => number) {
  await arrived();
  for (let before = -1; before !== requests(); ) {
    before = requests();
    for (let count = 0; count < 20; count += 1) await soon();
  }
}

test('one host is asked eight times a minute, however many devices it says it is', async () => {
  const site = await ssdpSite();
  const { announce, requests } = await everybody('127.0.7.2', site.port);
  for (let number = 0; number < 12; number += 1) {
    await announce(idOf(number));
    await quiet(site, requests);
  }
  expect([requests(), site.ssdp.drops.of('too-many')]).toEqual([8, 4]);
});

test('four are asked at once, however many devices there are', async () => {
  const site = await ssdpSite();
  let requests = 0;
  const location = await describedAt('127.0.7.2', () => {
    requests += 1;
  });
  const host = await hostAt('127.0.7.2', site.port);
  for (let number = 0; number < 8; number += 1) await host.say(alive(location, { usn: usnOf(idOf(number)) }));
  await quiet(site, () => requests);
  await eventually('all four', () => (requests >= 4 ? true : undefined));
  expect([requests, site.ssdp.drops.of('too-many')]).toEqual([4, 4]);
});

test('one host is at most sixteen devices', async () => {
  const site = await ssdpSite();
  const { announce, requests } = await everybody('127.0.7.2', site.port);
  let number = 0;
  for (let minute = 0; minute < 4; minute += 1) {
    for (let count = 0; count < 8; count += 1) {
      await announce(idOf(number));
      number += 1;
      await quiet(site, requests);
    }
    site.clock.advance(60_000);
  }
  expect(new Set(site.seen.map(({ id }) => id)).size).toBe(16);
  expect(site.ssdp.drops.of('no-room')).toBe(16);
  // What has been silent for longer than it promised makes room.
  site.clock.advance(1_800_000);
  await announce(idOf(100));
  await eventually('one more', () => site.seen.find(({ id }) => id === idOf(100)));
});

test('one host is heard two hundred times in ten seconds, and does not cost the others their turn', async () => {
  const site = await ssdpSite();
  const loud = await hostAt('127.0.7.2', site.port);
  const device = await hostAt('127.0.7.3', site.port);
  for (let count = 0; count < 300; count += 1) {
    await loud.say('noise');
    if (count % 50 === 0) await site.arrived();
  }
  await device.say(alive(await describedAt('127.0.7.3', description(deviceId)), { usn: usnOf(deviceId) }));
  await eventually('the device', () => site.seen[0]);
  expect(site.ssdp.drops.of('too-many')).toBe(100);
});
