import { expect, it } from 'vitest';
import { MemoryGateway } from '../api/memory-gateway.js';
import { serveGateway } from '../api/served.js';
import { runVerb } from './run-verb.js';

async function add(...options: string[]) {
  const gateway = new MemoryGateway();
  const { code, err } = await runVerb(['devices', 'add', '--id', 'urn:x', ...options, '--socket', await serveGateway(gateway)]);
  return { code, err, calls: gateway.calls };
}

it.each([
  ['udp', { by: 'udp' }],
  ['udp:2949', { by: 'udp', port: 2949 }],
  ['mqtt', { by: 'mqtt' }],
  ['poll', { by: 'poll' }],
  ['none', { by: 'none' }],
])('by %s', async (way, trigger) => {
  const { code, calls } = await add('--trigger', way);
  expect(code).toBe(0);
  expect(calls).toMatchObject([['addDevice', { trigger }]]);
});

it('not at all unless a way is named', async () => {
  expect((await add()).calls).toMatchObject([['addDevice', { trigger: { by: 'none' } }]]);
});

it.each(['smoke', 'poll:2949', 'udp:0', 'udp:65536', 'udp:'])('%s is no way', async (way) => {
  const { code, err, calls } = await add('--trigger', way);
  expect([code, calls]).toEqual([2, []]);
  expect(err).toContain('udp:PORT');
});
