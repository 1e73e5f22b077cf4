import { expect, test } from 'vitest';
import { refusalOf, writtenFile } from './written-file.js';

test.each([
  ['a tab', 'south:\n\tport: 1\n', 2],
  ['a quote that never ends', 'log:\n  level: info\nx: "hunter2\n', 4],
  ['an alias of nothing', 'x: *hunter2\n', 1],
  ['an unknown tag', 'a: 1\nx: !hunter2 1\n', 2],
  ['a character that needs quotes', 'x: @hunter2\n', 1],
  ['two documents', 'log: {}\n---\nx: hunter2\n', 2],
  ['brackets without end', `x: ${'['.repeat(10_000)}`, 1],
])('%s', (_what, content, line) => {
  const { problems, message } = refusalOf(writtenFile(content));
  expect(problems.some((problem) => problem.line === line)).toBe(true);
  expect(message).not.toContain('hunter2');
});

test('every one of them', () => {
  expect(refusalOf(writtenFile('a: *x\nb: *y\n')).problems.map((problem) => problem.line)).toEqual([1, 2]);
});
