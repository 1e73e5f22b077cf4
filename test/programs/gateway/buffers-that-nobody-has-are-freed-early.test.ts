import { getHeapStatistics } from 'node:v8';
import { expect, test } from 'vitest';
import { BufferThrift } from '../../../src/programs/gateway/health/buffer-thrift.js';
import { eventually } from '../../e2e/eventually.js';

const mebibyte = 1024 * 1024;

test('buffers that have grown by 4 MiB are collected once; what is still held then is what the next 4 MiB come to', () => {
  let held = 10 * mebibyte;
  let after = 0;
  const thrift = new BufferThrift({
    held: () => held,
    collect: () => {
      held = after;
    },
  });
  const looked = (now: number, left: number) => {
    [held, after] = [now * mebibyte, left * mebibyte];
    return thrift.follow();
  };
  expect(looked(10, 0)).toBe(false);
  expect(looked(13.9, 0)).toBe(false);
  expect(looked(14, 12)).toBe(true);
  expect(looked(15.9, 0)).toBe(false);
  expect(looked(16, 16)).toBe(true);
  // What left by itself lets the next come sooner.
  expect(looked(3, 0)).toBe(false);
  expect(looked(7, 3)).toBe(true);
});

test('they are really freed', async () => {
  const thrift = new BufferThrift();
  thrift.follow();
  const before = getHeapStatistics().external_memory;
  for (let count = 0; count < 8; count++) Buffer.alloc(mebibyte, count);
  expect(getHeapStatistics().external_memory - before).toBeGreaterThan(7 * mebibyte);
  expect(thrift.follow()).toBe(true);
  // V8 frees them in another thread, and says so at the next buffer.
  await eventually('the buffers are freed', () => {
    Buffer.allocUnsafeSlow(1);
    return getHeapStatistics().external_memory - before < 2 * mebibyte || undefined;
  });
});
