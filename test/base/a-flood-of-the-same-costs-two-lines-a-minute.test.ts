import { expect, test } from 'vitest';
import { LimitedLog, ManualClock, silentLog } from '#src/base/index.js';

function openLog(most?: number) {
  const clock = new ManualClock();
  const lines: [object, string][] = [];
  const log = { ...silentLog, warn: (fields: object, message: string) => void lines.push([fields, message]) };
  const limited = new LimitedLog({ log, clock, ...(most === undefined ? {} : { most }) });
  const warn = (reason: string, source: string) => limited.warn({ reason, source }, { address: source, reason }, 'refused');
  return { clock, lines, warn };
}

test('the first is told, the rest of the minute in one line', () => {
  const { clock, lines, warn } = openLog();
  for (let times = 0; times < 1_000; times += 1) warn('malformed', '192.0.2.7');
  expect(lines).toEqual([[{ address: '192.0.2.7', reason: 'malformed' }, 'refused']]);
  clock.advance(60_000);
  expect(lines.slice(1)).toEqual([[{ source: '192.0.2.7', reason: 'malformed', suppressed: 999 }, 'refused']]);
});

test('another source or another reason is news', () => {
  const { lines, warn } = openLog();
  warn('malformed', '192.0.2.7');
  warn('malformed', '192.0.2.8');
  warn('too-large', '192.0.2.7');
  expect(lines.length).toBe(3);
});

test('after the minute the next is told again', () => {
  const { clock, lines, warn } = openLog();
  warn('malformed', '192.0.2.7');
  clock.advance(60_000);
  warn('malformed', '192.0.2.7');
  expect(lines.length).toBe(2);
  expect(clock.pending()).toEqual([]);
});

test('made-up sources share one line', () => {
  const { clock, lines, warn } = openLog(4);
  for (let at = 0; at < 1_000; at += 1) warn('malformed', `2001:db8::${at}`);
  expect(lines.length).toBe(5);
  clock.advance(60_000);
  expect(lines.slice(5)).toEqual([[{ source: 'others', reason: 'malformed', suppressed: 995 }, 'refused']]);
});
