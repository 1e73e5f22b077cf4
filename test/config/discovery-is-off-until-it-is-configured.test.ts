import { expect, test } from 'vitest';
import { loadGatewayConfig } from '#src/config/index.js';
import { problemsOf, writtenFile } from './written-file.js';

const discovery = (text: string) => loadGatewayConfig(writtenFile(text)).discovery;

test('nothing listens or sends by default', () => {
  expect(discovery('{}')).toEqual({});
});

test('mDNS needs its interfaces alone, and looks for what serves', () => {
  const { mdns } = discovery('discovery:\n  mdns:\n    interfaces: [br-lan]\n');
  expect(mdns).toMatchObject({ interfaces: ['br-lan'], searchInterval: 600_000, advertise: true });
  expect(mdns?.services).toContain('_ipp._tcp');
  expect(mdns?.services).not.toContain('_oma-dm._tcp');
});

test('DHCP takes events, and a lease file if there is one', () => {
  expect(discovery('discovery:\n  dhcp: {}\n').dhcp).toEqual({ events: true, leaseInterval: 10_000 });
});

test.each([
  ['discovery:\n  mdns: {}\n', 'discovery.mdns.interfaces'],
  ['discovery:\n  mdns:\n    interfaces: [a/b]\n', 'discovery.mdns.interfaces[0]'],
  ['discovery:\n  mdns:\n    interfaces: [lan0]\n    services: [ipp]\n', 'discovery.mdns.services[0]'],
  ['discovery:\n  mdns:\n    interfaces: [lan0]\n    services: []\n', 'discovery.mdns.services'],
  ['discovery:\n  mdns:\n    interfaces: [lan0]\n    searchInterval: 1s\n', 'discovery.mdns.searchInterval'],
  ['discovery:\n  dhcp:\n    leaseFile: 5\n', 'discovery.dhcp.leaseFile'],
])('%j is refused', (text, key) => {
  expect(problemsOf(text).map((problem) => problem.key)).toEqual([key]);
});
