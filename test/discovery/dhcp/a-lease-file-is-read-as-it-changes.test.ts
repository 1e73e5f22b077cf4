import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ManualClock, silentLog } from '#src/base/index.js';
import { LeaseBook } from '#src/discovery/dhcp/lease-book.js';
import { parseLeases } from '#src/discovery/dhcp/lease-file.js';
import { LeaseWatch } from '#src/discovery/dhcp/lease-watch.js';
import { SightingsKept } from '../sightings-kept.js';

const clock = new ManualClock();
const hour = 3_600_000;
const inAnHour = (clock.now() + hour) / 1000;
const camera = `${inAnHour} 00:24:be:80:4f:f1 192.168.1.20 camera 01:00:24:be:80:4f:f1\n`;
const phone = `0 02:24:be:80:4f:f2 192.168.1.21 * *\n`;
const cameraId = 'urn:dev:mac:0024befffe804ff1';
const phoneId = 'urn:dev:mac:0224befffe804ff2';

function watched(text?: string) {
  const folder = mkdtempSync(join(tmpdir(), 'leases-'));
  const file = join(folder, 'dnsmasq.leases');
  const sightings = new SightingsKept();
  const watch = new LeaseWatch({ file, every: 10_000, book: new LeaseBook(sightings), clock, log: silentLog });
  onTestFinished(() => {
    watch.stop();
    rmSync(folder, { recursive: true });
  });
  const write = (content: string) => writeFileSync(file, content);
  if (text !== undefined) write(text);
  return { watch, sightings, write };
}

test('each lease that has not ended is a device', async () => {
  const expired = `${clock.now() / 1000 - 1} 00:24:be:80:4f:f9 192.168.1.29 old *\n`;
  const { watch, sightings } = watched(camera + phone + expired);
  await watch.look();
  expect(sightings.all).toMatchObject([
    { id: cameraId, name: 'camera', heartbeat: hour },
    { id: phoneId, address: '192.168.1.21' },
  ]);
  expect(sightings.all).toHaveLength(2);
});

test('a renewed lease is told again, an unchanged one is not', async () => {
  const { watch, sightings, write } = watched(camera + phone);
  await watch.look();
  write(camera.replace(String(inAnHour), String(inAnHour + 60)) + phone);
  await watch.look();
  expect(sightings.ids).toEqual([cameraId, phoneId, cameraId]);
});

test('a file that is empty for a moment takes nobody away; a lease that is missing twice has ended', async () => {
  const { watch, sightings, write } = watched(camera + phone);
  await watch.look();
  write('');
  await watch.look();
  write(phone);
  expect(sightings.left).toEqual([]);
  await watch.look();
  expect(sightings.left).toEqual([cameraId]);
});

test('a file that is not there yet is looked for again', async () => {
  const { watch, sightings, write } = watched();
  await watch.look();
  write(camera);
  await watch.look();
  expect(sightings.ids).toEqual([cameraId]);
  expect(clock.pending()).toContain('look at the leases');
});

test('what is no lease is skipped and counted: a line without its end, IPv6, and all else', () => {
  const text = `${camera}x\n12 34 56\n${phone}${camera.trimEnd()}`;
  expect(parseLeases(text)).toMatchObject({ leases: [{ hostname: 'camera' }, { mac: '02:24:be:80:4f:f2' }], skipped: 3 });
  expect(parseLeases(`${phone}duid 00:01\n123 1 fd00::1 x *\n`)).toMatchObject({ leases: [{}], skipped: 0 });
});

test('no more leases are taken than a home has', () => {
  const { leases, skipped } = parseLeases(phone.repeat(10_001));
  expect([leases.length, skipped]).toEqual([10_000, 1]);
});

test('what stands behind the first MiB of the file is not looked at', async () => {
  const { watch, sightings } = watched(`${phone}${`${'x'.repeat(1_023)}\n`.repeat(1_024)}${camera}`);
  await watch.look();
  expect(sightings.ids).toEqual([phoneId]);
});
