import { expect, test } from 'vitest';
import { problemsOf } from './written-file.js';

test.each([['mode: adaptation', 'devices[0].mode']])('%s', (line, key) => {
  expect(problemsOf(`devices:\n  - id: a\n    clientPassword: x\n    ${line}\n`)).toMatchObject([
    { key, allowed: expect.stringContaining('later version') },
  ]);
});
