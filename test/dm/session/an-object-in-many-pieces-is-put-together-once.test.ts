import { afterEach, expect, test, vi } from 'vitest';
import { type Assembly, receiveChunk } from '#src/dm/session/index.js';
import type { Item } from '#src/dm/syncml/index.js';

afterEach(() => vi.restoreAllMocks());

const b64 = { Meta: { Format: 'b64' } };

/** Hands the pieces in, as chunks of one object. */
function receiveAll(pieces: readonly string[], maxObjSize = 1_048_576) {
  let assembly: Assembly | undefined;
  for (const [at, Data] of pieces.entries()) {
    const item: Item = { ...b64, Target: { LocURI: './a' }, Data, ...(at < pieces.length - 1 ? { MoreData: true } : {}) };
    const received = receiveChunk(assembly, { name: 'Add', CmdID: String(at + 1), Item: [item] }, maxObjSize);
    if (received.kind !== 'buffered') return received;
    assembly = received.assembly;
  }
  throw new Error('the object was never whole');
}

const dataOf = (received: ReturnType<typeof receiveAll>) => received.kind === 'complete' && received.command.Item?.[0]?.Data;
const base64 = (text: string) => Buffer.from(text).toString('base64');

test('padded pieces are decoded once, at the end, however many there are', () => {
  const text = Array.from({ length: 2_000 }, (_, at) => String(at % 10));
  const joined = vi.spyOn(Buffer, 'concat');
  expect(dataOf(receiveAll(text.map(base64)))).toBe(base64(text.join('')));
  expect(joined).toHaveBeenCalledTimes(1);
});

test('pieces that were cut anywhere and pieces that were bytes each may stand in one object', () => {
  const [cut, bytes] = [base64('cut anywhere'), base64('whole')];
  expect(dataOf(receiveAll([cut.slice(0, 3), cut.slice(3), bytes, base64('end')]))).toBe(base64('cut anywherewholeend'));
});

test('what padding adds is no part of the size', () => {
  const bytes = Array.from({ length: 30 }, () => base64('a'));
  expect(dataOf(receiveAll(bytes, base64('a'.repeat(30)).length))).toBe(base64('a'.repeat(30)));
  expect(receiveAll(bytes, base64('a'.repeat(30)).length - 1)).toMatchObject({ kind: 'failed', status: '413' });
});
