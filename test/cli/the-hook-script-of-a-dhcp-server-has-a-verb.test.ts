import { expect, test } from 'vitest';
import { MemoryGateway } from '../api/memory-gateway.js';
import { serveGateway } from '../api/served.js';
import { runVerb } from './run-verb.js';

async function told(args: readonly string[], env: Record<string, string> = {}) {
  const gateway = new MemoryGateway();
  const { code, err } = await runVerb(['dhcp-event', ...args, '--socket', await serveGateway(gateway)], { env });
  return { code, err, events: gateway.calls.map(([, input]) => input) };
}

const lease = ['00:24:be:80:4f:f1', '192.168.1.20'];

test('with what dnsmasq gives: arguments, and variables for the rest', async () => {
  const env = {
    DNSMASQ_TIME_REMAINING: '3600',
    DNSMASQ_CPEWAN_OUI: '00AABB',
    DNSMASQ_CPEWAN_SERIAL: 'SN1',
    DNSMASQ_CPEWAN_CLASS: 'Box',
  };
  const { code, events } = await told(['add', ...lease, 'camera'], env);
  const [mac, address] = lease;
  const identity = { oui: '00AABB', serial: 'SN1', productClass: 'Box' };
  expect([code, events]).toEqual([0, [{ action: 'add', mac, address, hostname: 'camera', remaining: 3600, identity }]]);
});

test('the name that a device gives itself will do, and a lease for ever has no time', async () => {
  const { events } = await told(['old', ...lease], { DNSMASQ_SUPPLIED_HOSTNAME: 'camera', DNSMASQ_TIME_REMAINING: '0' });
  expect(events).toEqual([{ action: 'old', mac: lease[0], address: lease[1], hostname: 'camera' }]);
});

test('the bytes of option 125 go before what others read in them', async () => {
  const env = { POSTERN_DHCP_OPTION_125: '00000de900', DNSMASQ_CPEWAN_OUI: '00AABB', DNSMASQ_CPEWAN_SERIAL: 'SN1' };
  expect((await told(['add', ...lease], env)).events).toEqual([
    { action: 'add', mac: lease[0], address: lease[1], vendorOptions: '00000de900' },
  ]);
});

test.each([
  ['tftp', '1024', '192.168.1.20', '/file'],
  ['arp-add', ...lease],
  ['init'],
  ['add', '00:01:00:01:2a', 'fd00::20'],
  ['relay-snoop', 'fe80::1', 'fd00::/56', 'eth0', 'more'],
])('what dnsmasq tells besides is nothing to us: %s', async (...args) => {
  expect(await told(args)).toMatchObject({ code: 0, events: [] });
});

test('what is no lease is refused', async () => {
  expect(await told(['add', '06-00:24:be:80:4f:f1', '192.168.1.20'])).toMatchObject({ code: 2, err: expect.stringContaining('mac:') });
  expect(await told(['add', ...lease], { POSTERN_DHCP_OPTION_125: 'abc' })).toMatchObject({ code: 2, events: [] });
});
