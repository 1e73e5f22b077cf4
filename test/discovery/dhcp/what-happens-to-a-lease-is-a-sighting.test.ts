import { expect, test } from 'vitest';
import { silentLog, systemClock } from '#src/base/index.js';
import { openDhcp } from '#src/discovery/index.js';
import { SightingsKept } from '../sightings-kept.js';

const mac = '00:24:be:80:4f:f1';
const address = '192.168.1.20';
const byMac = 'urn:dev:mac:0024befffe804ff1';
const byOption = 'urn:dev:ops:00AABB-Box-SN1';
const identity = { oui: '00AABB', serial: 'SN1', productClass: 'Box' };

function opened() {
  const sightings = new SightingsKept();
  return { sightings, dhcp: openDhcp({ leaseInterval: 10_000, sightings, clock: systemClock, log: silentLog }) };
}

test('a lease is a device with its address, its name and the time until it is renewed', () => {
  const { dhcp, sightings } = opened();
  dhcp.take({ action: 'add', mac, address, hostname: 'camera\u202e', remaining: 3_600_000 });
  expect(sightings.all).toEqual([{ id: byMac, by: 'dhcp', address, name: 'camera', heartbeat: 3_600_000 }]);
});

test('a lease of a second counts as one of a minute, and one without end promises nothing', () => {
  const { dhcp, sightings } = opened();
  dhcp.take({ action: 'old', mac, address, remaining: 1000 });
  dhcp.take({ action: 'old', mac, address });
  expect(sightings.all.map(({ heartbeat }) => heartbeat)).toEqual([60_000, undefined]);
});

test('what option 125 said when the lease began holds until it ends', () => {
  const { dhcp, sightings } = opened();
  dhcp.take({ action: 'add', mac, address, identity });
  dhcp.take({ action: 'old', mac, address });
  dhcp.take({ action: 'del', mac, address });
  dhcp.take({ action: 'add', mac, address });
  expect(sightings.ids).toEqual([byOption, byOption, byMac]);
  expect(sightings.left).toEqual([byOption]);
});

test('a device that says only later who it is leaves its earlier name', () => {
  const { dhcp, sightings } = opened();
  dhcp.take({ action: 'add', mac, address });
  dhcp.take({ action: 'add', mac, address, identity });
  expect([sightings.ids, sightings.left]).toEqual([[byMac, byOption], [byMac]]);
});

test('bytes of option 125 that are damaged say nothing', () => {
  const { dhcp, sightings } = opened();
  dhcp.take({ action: 'add', mac, address, vendorOptions: Buffer.from('00000de9ff0106', 'hex') });
  expect(sightings.ids).toEqual([byMac]);
});

test('the bytes of option 125 say it too', () => {
  const { dhcp, sightings } = opened();
  const vendorOptions = Buffer.from('00000de9120106303041414242' + '0203534e31' + '0303426f78', 'hex');
  dhcp.take({ action: 'add', mac, address, vendorOptions });
  expect(sightings.ids).toEqual([byOption]);
});

test('a MAC address of a group is no device', () => {
  const { dhcp, sightings } = opened();
  dhcp.take({ action: 'add', mac: '01:00:5e:00:00:01', address });
  expect(sightings.all).toEqual([]);
});
