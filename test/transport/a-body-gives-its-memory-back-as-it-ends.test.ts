import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { ManualClock } from '#src/base/index.js';
import { BodyRoom } from '../../src/transport/dm/body-room.js';
import { GrowingBytes } from '../../src/transport/dm/growing-bytes.js';
import { readBody } from '../../src/transport/dm/request-body.js';

const mebibyte = 1024 * 1024;

test('what large bodies took is the system’s again, before any garbage is collected', () => {
  const bodies = Array.from({ length: 48 }, () => new GrowingBytes(mebibyte));
  const chunk = Buffer.alloc(mebibyte / 8, 'x');
  for (const body of bodies) for (let part = 0; part < 8; part++) body.add(chunk);
  const before = process.memoryUsage.rss();
  for (const body of bodies) body.release();
  expect(before - process.memoryUsage.rss()).toBeGreaterThan(32 * mebibyte);
});

test.each([1, 3_000, 4_097, 16_384, 16_385, 70_000, 200_000])('a body of %i bytes is what came, whatever the pieces', (length) => {
  const sent = Buffer.from(Array.from({ length }, (_, at) => (at * 31) % 251));
  for (const piece of [1, 1_000, 20_000, length]) {
    const body = new GrowingBytes(200_000);
    let held = 0;
    for (let at = 0; at < length; at += piece) held += body.add(sent.subarray(at, at + piece)) ?? Number.NaN;
    expect(held).toBeGreaterThanOrEqual(length);
    expect(held).toBeLessThan(Math.max(2 * length, length + 16_384, 4_097));
    const taken = body.taken();
    expect(Buffer.compare(taken, sent)).toBe(0);
    // What was taken stays, whatever becomes of where it was gathered.
    new GrowingBytes(200_000).add(Buffer.alloc(length));
    body.release();
    expect(Buffer.compare(taken, sent)).toBe(0);
  }
});

test('a body that there is no memory for gets 503, and nothing else is hurt', async () => {
  const stream = Object.assign(new PassThrough(), { complete: true });
  const limits = { bytes: Number.MAX_SAFE_INTEGER, timeout: 10_000, room: new BodyRoom(1), clock: new ManualClock() };
  const body = readBody(stream as unknown as IncomingMessage, limits);
  stream.write(Buffer.alloc(20_000));
  expect(await body).toMatchObject({ status: 503, why: 'no memory for a body' });
});
