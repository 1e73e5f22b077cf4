import { expect, test } from 'vitest';
import { neighbourIn, readNeighbour } from '#src/discovery/mdns/neighbours.js';

const table = `IP address       HW type     Flags       HW address            Mask     Device
192.168.7.20     0x1         0x2         00:24:be:80:4f:f1     *        lan0
192.168.7.21     0x1         0x0         00:00:00:00:00:00     *        lan0
192.168.7.22     0x1         0x6         00:24:be:80:4f:f2     *        lan0
192.168.7.20     0x1         0x2         00:24:be:80:4f:f9     *        wan0
`;

test.each([
  ['192.168.7.20', 'lan0', '00:24:be:80:4f:f1'],
  ['192.168.7.22', 'lan0', '00:24:be:80:4f:f2'],
  // Asked for, and has not answered.
  ['192.168.7.21', 'lan0', undefined],
  ['192.168.7.2', 'lan0', undefined],
  ['192.168.7.20', 'wan0', '00:24:be:80:4f:f9'],
])('%s on %s', (address, device, mac) => {
  expect(neighbourIn(table, address, device)).toBe(mac);
});

test('a system without such a table knows none', () => {
  expect(readNeighbour('192.168.7.20', 'lan0', '/nonexistent')).toBeUndefined();
});
