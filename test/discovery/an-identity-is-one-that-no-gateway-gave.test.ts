import { expect, test } from 'vitest';
import { macUrn, opsUrn, uuidUrn } from '#src/discovery/device-urn.js';

test.each([
  ['00:24:BE:80:4F:F1', 'urn:dev:mac:0024befffe804ff1'],
  ['00-24-be-80-4f-f1', 'urn:dev:mac:0024befffe804ff1'],
  ['0024be804ff1', 'urn:dev:mac:0024befffe804ff1'],
  ['001788FFFE23A4B5', 'urn:dev:mac:001788fffe23a4b5'],
  // Locally administered: made up, and still what this device is called here.
  ['02:00:5e:10:00:01', 'urn:dev:mac:02005efffe100001'],
])('an EUI-48 gets FFFE in its middle (RFC 9039 § 4.1): %s', (text, urn) => {
  expect(macUrn(text)).toBe(urn);
});

test.each([
  '',
  '00:00:00:00:00:00',
  'ff:ff:ff:ff:ff:ff',
  '01:00:5e:00:00:fb',
  '00:24:be:80:4f',
  '00:24-be:80:4f:f1',
  '0024be804ff1f',
  'x0:24:be:80:4f:f1',
])('%j is no MAC address of a device', (text) => {
  expect(macUrn(text)).toBeUndefined();
});

test.each(['6BA7B810-9DAD-11D1-80B4-00C04FD430C8', 'urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8', '6ba7b8109dad11d180b400c04fd430c8'])(
  '%s is a UUID',
  (text) => {
    expect(uuidUrn(text)).toBe('urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8');
  },
);

test.each(['', '00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff', '6ba7b810-9dad-11d1-80b4-00c04fd430c', 'x'])(
  '%j is none',
  (text) => {
    expect(uuidUrn(text)).toBeUndefined();
  },
);

test('maker, product and serial number are told apart, whatever is in them', () => {
  expect(opsUrn({ oui: '00aabb', productClass: 'My-Box', serial: 'SN 1/é' })).toBe('urn:dev:ops:00AABB-My%2DBox-SN%201%2F%C3%A9');
  expect(opsUrn({ oui: '00AABB', serial: 'SN1' })).toBe('urn:dev:os:00AABB-SN1');
  expect(opsUrn({ oui: '00AABB', productClass: 'a-b', serial: 'c' })).not.toBe(opsUrn({ oui: '00AABB', productClass: 'a', serial: 'b-c' }));
});

test.each([
  { oui: '00AAB', serial: '1' },
  { oui: '00AABB', serial: '' },
  { oui: '00AABB', serial: '-'.repeat(64) },
])('%j is no identity', (parts) => {
  expect(opsUrn(parts)).toBeUndefined();
});
