import { expect, test } from 'vitest';
import { problemsOf } from './written-file.js';

test.each([
  ['mode: adaptation', 'devices[0].mode'],
  ['mode: transparent', 'devices[0].mode'],
  [
    'accounts: [{ serverId: s, address: https://s, clientPassword: x }, { serverId: t, address: https://t, clientPassword: x }]',
    'devices[0].accounts',
  ],
])('%s', (line, key) => {
  expect(problemsOf(`devices:\n  - id: a\n    clientPassword: x\n    ${line}\n`)).toMatchObject([
    { key, allowed: expect.stringContaining('later version') },
  ]);
});
