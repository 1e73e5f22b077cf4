import { expect, test } from 'vitest';
import { keysOf } from './written-file.js';

const identified = (id: string) => `devices: [{ id: ${JSON.stringify(id)}, clientPassword: x }]`;

test.each([
  ['gateway: { serverId: 123456789012345678901234 }', 'gateway.serverId'],
  ['gateway: { serverId: "äääääääääääää" }', 'gateway.serverId'],
  ['gateway: { serverId: "a+b" }', 'gateway.serverId'],
  ['gateway: { serverId: "" }', 'gateway.serverId'],
  [identified('a b'), 'devices[0].id'],
  [identified('a'.repeat(129)), 'devices[0].id'],
  [identified('gateway'), 'devices[0].id'],
  ['south: { listen: gateway.example }', 'south.listen'],
  ['south: { port: 65536 }', 'south.port'],
  ['south: { port: -1 }', 'south.port'],
  ['south: { tls: yes }', 'south.tls'],
  ['south: { paths: [dm] }', 'south.paths[0]'],
  ['south: { names: ["https://x"] }', 'south.names[0]'],
  ['south: { publicUrl: "ftp://x" }', 'south.publicUrl'],
  ['limits: { sessionIdle: 30 }', 'limits.sessionIdle'],
  ['limits: { sessionIdle: 2d }', 'limits.sessionIdle'],
  ['limits: { messageBytes: 1MB }', 'limits.messageBytes'],
  ['limits: { messageBytes: 1KiB }', 'limits.messageBytes'],
  ['limits: { sessions: 1.5 }', 'limits.sessions'],
  ['log: { level: loud }', 'log.level'],
])('%s', (content, key) => {
  expect(keysOf(content)).toEqual([key]);
});
