import fc from 'fast-check';
import { expect, it } from 'vitest';
import { deviceOfRecord, recordName } from '#src/gateway/own/record-name.js';

it.each([
  ['urn:imei:490154203237518', 'urn:imei:490154203237518'],
  ['a%2Fb', 'a%2Fb'],
  ['urn:x:a/b', '~dXJuOng6YS9i'],
  ['a?b', '~YT9i'],
  ['..', '~Li4'],
  ['~a', '~fmE'],
])('%s is %s', (id, name) => {
  expect([recordName(id), deviceOfRecord(name)]).toEqual([name, id]);
});

it('whatever its DevId is', () => {
  const devId = fc.string({ unit: fc.constantFrom('a', '/', '?', '~', '.', '%', ':'), minLength: 1, maxLength: 128 });
  fc.assert(
    fc.property(devId, (id) => {
      const name = recordName(id);
      expect(name).toMatch(/^[^/?]{1,255}$/);
      expect(deviceOfRecord(name)).toBe(id);
    }),
  );
});

it.each(['', '.', '~', '~YT9i=', '~dXJu', 'a/b', '~%%'])('%j is nobody', (name) => {
  expect(deviceOfRecord(name)).toBeUndefined();
});
