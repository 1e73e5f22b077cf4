import { expect, test } from 'vitest';
import { problemsOf } from './written-file.js';

test.each([
  ['nort: {}', 'north'],
  ['south:\n  prot: 1', 'south.port'],
  ['south:\n  Listne: ::1', 'south.listen'],
  ['south:\n  __proto__: 1', 'south.'],
  ['port: 8443', 'south.port'],
  ['south:\n  serverId: x', 'gateway.serverId'],
  ['devices:\n  - id: a\n    clientPassword: { vale: x }', 'devices[0].clientPassword.value'],
])('%j suggests %s', (content, meant) => {
  expect(problemsOf(content)[0]?.message).toContain(`is not a known key; did you mean ${meant}`);
});
