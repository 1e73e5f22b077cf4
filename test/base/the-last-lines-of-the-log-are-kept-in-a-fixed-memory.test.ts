import { expect, test } from 'vitest';
import { RecentLines } from '../../src/base/recent-lines.js';

test('all of them while there is room, in their order', () => {
  const lines = new RecentLines(1_000);
  for (const line of ['one', 'two', 'drei ß €']) lines.push(`${line}\n`);
  expect(lines.read()).toEqual(['one', 'two', 'drei ß €']);
});

test('then the newest that fit, each whole', () => {
  const lines = new RecentLines(1_000);
  for (let at = 0; at < 500; at += 1) {
    lines.push(`${at} ${'ü'.repeat(at % 90)}\n`);
    const kept = lines.read();
    const first = Number(kept[0]?.split(' ')[0]);
    expect(kept).toEqual(Array.from({ length: at - first + 1 }, (_, of) => `${first + of} ${'ü'.repeat((first + of) % 90)}`));
    expect(Buffer.byteLength(kept.join('\n'))).toBeLessThan(1_000);
  }
  expect(lines.read().length).toBeGreaterThan(4);
});

test('one that would push out too many others is left out', () => {
  const lines = new RecentLines(1_000);
  lines.push('small\n');
  lines.push(`${'x'.repeat(300)}\n`);
  expect(lines.read()).toEqual(['small']);
});

test('a hundred thousand lines hold no more memory than one', () => {
  const before = process.memoryUsage().arrayBuffers;
  const lines = new RecentLines(256 * 1024);
  for (let at = 0; at < 100_000; at += 1) lines.push(`{"level":30,"msg":"the session of a device has ended","device":"${at}"}\n`);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(300 * 1024);
  expect(lines.read().length).toBeGreaterThan(2_000);
});
