import { expect, test } from 'vitest';
import { problemsOf } from './written-file.js';

test('in any map, with the line of the second', () => {
  expect(problemsOf('log:\n  level: info\nsouth:\n  port: 1\n  "port": 2\nlog: {}\n')).toMatchObject([
    { line: 5, key: 'south.port', found: 'written a second time' },
    { line: 6, key: 'log', found: 'written a second time' },
  ]);
});
