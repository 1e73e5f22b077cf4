import { expect, test } from 'vitest';
import { decodeDeviceIdentity } from '#src/discovery/dhcp/option-125.js';

const broadbandForum = [0x00, 0x00, 0x0d, 0xe9];
const option = (code: number, text: string) => [code, text.length, ...Buffer.from(text)];
const block = (fields: number[], enterprise = broadbandForum) => [...enterprise, fields.length, ...fields];
const identity = [...option(1, '00AABB'), ...option(2, 'SN0001'), ...option(3, 'Box')];
const decode = (bytes: number[]) => decodeDeviceIdentity(Uint8Array.from(bytes));

test('by the sub-options 1, 2 and 3 of the Broadband Forum', () => {
  expect(decode(block(identity))).toEqual({ oui: '00AABB', serial: 'SN0001', productClass: 'Box' });
  expect(decode(block(identity.slice(0, 16)))).toEqual({ oui: '00AABB', serial: 'SN0001' });
});

test('also between the data of others, and beside sub-options that we do not know', () => {
  const others = block([1, 1, 65], [0, 0, 0, 9]);
  expect(decode([...others, ...block([...option(200, 'x'), ...identity])])).toMatchObject({ serial: 'SN0001' });
});

test("a gateway's identity, which uses other sub-options, is no device's", () => {
  // Vector V6 of the reference, without the option's own code and length.
  const bytes = Buffer.from('00000de91404063030414142420506534e3030303106024757', 'hex');
  expect(decodeDeviceIdentity(bytes)).toBeUndefined();
});

test.each([
  ['nothing', []],
  ['an OUI that is none', block([...option(1, '00AABX'), ...option(2, 'SN')])],
  ['no serial number', block(option(1, '00AABB'))],
  ['an empty serial number', block([...option(1, '00AABB'), ...option(2, '')])],
  ['a sub-option twice', block([...identity, ...option(2, 'SN0002')])],
  ['control characters', block([...option(1, '00AABB'), ...option(2, 'S\n')])],
  ['a bad product class', block([...option(1, '00AABB'), ...option(2, 'S'), ...option(3, '\u0007')])],
  ['the enterprise twice', [...block(identity), ...block(identity)]],
  ['a length beyond the end', [...broadbandForum, 200, ...identity]],
  ['a sub-option beyond its enterprise', block([1, 200, 65])],
  ['bytes after the end', [...block(identity), 0]],
  ['the data of somebody else', block(identity, [0, 0, 0, 9])],
])('%s is no identity', (_what, bytes) => {
  expect(decode(bytes)).toBeUndefined();
});

test('whatever is cut off, or changed in one byte, is an identity or none, and never a failure', () => {
  const whole = block(identity);
  for (let at = 0; at < whole.length; at += 1) {
    expect(decode(whole.slice(0, at))).toBeUndefined();
    for (let value = 0; value < 256; value += 1) expect(() => decode(whole.with(at, value))).not.toThrow();
  }
});
