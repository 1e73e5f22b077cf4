import { expect, test } from 'vitest';
import { objectionTo } from '#src/discovery/mdns/packet-guard.js';
import { seededRandom } from '../../e2e/seeded-random.js';
import { chain, message, name, response } from './packet-guard-probe.js';

test('messages of neighbours do', () => {
  expect(objectionTo(response(1))).toBeUndefined();
  expect(objectionTo(response(100))).toBeUndefined();
  expect(
    objectionTo(message(Buffer.concat([name('_ipp._tcp.local'), Buffer.from([0, 12, 0, 1])]), { questions: 1, flags: 0 })),
  ).toBeUndefined();
});

test.each([
  ['no whole header', Buffer.alloc(11)],
  ['more records than a neighbour has to say', response(129)],
  ['a count of 65535', message(Buffer.alloc(8_000), { answers: 65_535 })],
  ['more records than there are bytes for', message(Buffer.alloc(100), { answers: 10 })],
  ['more questions than there are bytes for', message(Buffer.alloc(40), { questions: 9, flags: 0 })],
  ['another kind of request', message(Buffer.alloc(20), { questions: 1, flags: 0x2800 })],
  ['an error', message(Buffer.alloc(20), { answers: 1, flags: 0x8403 })],
  ['a chain of pointers', chain(1000)],
])('%s does not', (_what, packet) => {
  expect(objectionTo(packet)).toBe('malformed');
});

test('one that is larger than any message does not, whatever it says', () => {
  expect(objectionTo(Buffer.concat([response(1), Buffer.alloc(9_000)]))).toBe('too-large');
});

test('noise is judged, and never a failure', () => {
  const random = seededRandom(5353);
  for (let round = 0; round < 2_000; round += 1) {
    const noise = Buffer.from(Array.from({ length: random(300) }, () => random(256)));
    expect(() => objectionTo(noise)).not.toThrow();
  }
});
