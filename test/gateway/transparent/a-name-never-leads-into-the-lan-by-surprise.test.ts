import { expect, test } from 'vitest';
import type { AllowedPlace } from '#src/gateway/index.js';
import { accountAt, declareDevice, deviceId, openGateway } from '../gateway-under-test.js';
import { FarServer } from '../peers.js';

async function gatekeeperWith(allow: readonly AllowedPlace[], accounts: readonly string[] = []) {
  const under = await openGateway({ settings: { transparent: { allow, addresses: new Map() } } });
  declareDevice(under, [], { mode: 'transparent' });
  const far = await FarServer.open();
  for (const [at, address] of accounts.entries()) {
    under.store.accounts.declare({ ...accountAt(far, deviceId), serverId: `server-${at}`, address });
  }
  const { gatekeeper } = under.gateway;
  return {
    permits: (host: string, port: number, device = deviceId) => gatekeeper.permits(device, { host, port }),
    leads: (host: string, port: number, address: string) => gatekeeper.permitsAddress(deviceId, { host, port }, address),
  };
}

test('a device goes to the servers of its accounts, by host and port, and nowhere else', async () => {
  const { permits } = await gatekeeperWith([], ['https://DM.example/dm', 'http://old.example/dm', 'https://[2001:DB8:0::1]:8443/dm']);
  expect(permits('dm.example', 443)).toBe(true);
  expect(permits('old.example', 80)).toBe(true);
  expect(permits('2001:db8::1', 8443)).toBe(true);
  expect(permits('dm.example', 80)).toBe(false);
  expect(permits('dm.example', 8443)).toBe(false);
  expect(permits('other.example', 443)).toBe(false);
  expect(permits('dm.example.evil.example', 443)).toBe(false);
  expect(permits('xdm.example', 443)).toBe(false);
  expect(permits('dm.example', 443, 'urn:another')).toBe(false);
});

test('and to what all transparent devices are allowed', async () => {
  const { permits } = await gatekeeperWith([
    { host: 'updates.example', port: 80 },
    { host: '192.168.7.0', prefix: 24, port: 443 },
  ]);
  expect(permits('updates.example', 80)).toBe(true);
  expect(permits('192.168.7.20', 443)).toBe(true);
  expect(permits('192.168.8.20', 443)).toBe(false);
  expect(permits('192.168.7.20', 80)).toBe(false);
});

test.each([
  ...['127.0.0.1', '127.9.9.9', '0.0.0.0', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.0.1', '169.254.169.254', '100.64.0.1'],
  ...[
    '192.0.0.1',
    '192.0.2.1',
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '239.255.255.250',
    '240.0.0.1',
    '255.255.255.255',
  ],
  ...['::', '::1', '::ffff:127.0.0.1', '::ffff:10.0.0.1', '::ffff:7f00:1', '::127.0.0.1', '64:ff9b::7f00:1', '64:ff9b:1::1', '100::1'],
  ...['2001::1', '2001:db8::1', '2002:7f00:1::', 'fc00::1', 'fd12::1', 'fe80::1', 'fec0::1', 'ff02::1', 'fe80::1%eth0', 'no address', ''],
])('%j is not connected to on the word of a name', async (address) => {
  const { leads } = await gatekeeperWith([{ host: 'dm.example', port: 443 }]);
  expect(leads('dm.example', 443, address)).toBe(false);
});

test.each(['8.8.8.8', '1.1.1.1', '172.15.0.1', '172.32.0.1', '192.167.0.1', '100.63.0.1', '100.128.0.1', '2606:4700::1', '2a00:1450::1'])(
  '%s is',
  async (address) => {
    const { leads } = await gatekeeperWith([{ host: 'dm.example', port: 443 }]);
    expect(leads('dm.example', 443, address)).toBe(true);
  },
);

test('unless the address, or its network, is named with the port', async () => {
  const { leads } = await gatekeeperWith(
    [
      { host: 'dm.example', port: 443 },
      { host: '10.1.0.0', prefix: 16, port: 443 },
    ],
    ['https://192.168.7.20/dm'],
  );
  expect(leads('dm.example', 443, '10.1.2.3')).toBe(true);
  expect(leads('dm.example', 443, '10.2.2.3')).toBe(false);
  expect(leads('dm.example', 80, '10.1.2.3')).toBe(false);
  expect(leads('192.168.7.20', 443, '192.168.7.20')).toBe(true);
  expect(leads('192.168.7.20', 443, '192.168.7.21')).toBe(false);
});
