import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { TriggerOptions } from '#src/cli/index.js';
import { decodeNotification, defaultNotificationLimits, verifyNotification } from '#src/dm/notification/index.js';
import { MemorySmallServer } from '../api/memory-small-server.js';
import { serveSmallServer } from '../api/served.js';
import { temporaryDirectory } from '../security/temporary-directory.js';
import { runVerb } from './run-verb.js';

const common = ['--server-id', 'operator', '--session', 'a1b', '--nonce', 'bm9uY2U='];

async function send(...args: readonly string[]) {
  const sent: TriggerOptions[] = [];
  const outcome = await runVerb(['trigger', ...args], {
    env: { POSTERN_SERVER_PASSWORD: 'sesame', POSTERN_BROKER_PASSWORD: 'broker' },
    trigger: async (options) => void sent.push(options),
  });
  return { ...outcome, sent };
}

test('with the password and the nonce, to an address', async () => {
  const { sent, code } = await send('https://198.51.100.7:8444/trigger/gateway', ...common, '--trust', 'ca.pem');
  expect(code).toBe(0);
  expect(sent).toMatchObject([{ to: { by: 'https' }, trust: ['ca.pem'] }]);
  const received = decodeNotification(sent[0]?.trigger ?? new Uint8Array(), defaultNotificationLimits);
  expect(received).toMatchObject({ serverId: 'operator', sessionId: 'A1B', uiMode: 'background', initiator: 'server' });
  expect(verifyNotification(received, { serverId: 'operator', secret: { kind: 'password', value: 'sesame' } }, 'bm9uY2U=')).toBe(true);
});

test('by a broker that is named with who we are there', async () => {
  const { sent } = await send('mqtt:home/gateway', ...common, '--broker', 'mqtts://broker.example:8883', '--broker-user', 'field');
  expect(sent).toMatchObject([{ broker: { url: 'mqtts://broker.example:8883', userName: 'field', password: 'broker' } }]);
  expect(await send('mqtt:home/gateway', ...common)).toMatchObject({ code: 2, sent: [], err: expect.stringContaining('--broker') });
});

test('or only shown', async () => {
  const { out, sent } = await send('udp://198.51.100.7', ...common, '--dry');
  expect(sent).toEqual([]);
  const file = join(temporaryDirectory(), 'trigger.hex');
  writeFileSync(file, out);
  expect((await runVerb(['message', file])).out).toMatch(/session +A1B/);
});

test.each([
  ['ftp://198.51.100.7', common],
  ['udp://198.51.100.7', ['--server-id', 'operator', '--session', '0']],
  ['udp://198.51.100.7', [...common.slice(0, 4), '--nonce', 'x']],
])('what cannot be one is refused: %s %j', async (address, options) => {
  expect(await send(address, ...options)).toMatchObject({ code: 2, sent: [] });
});

test('a server sends its own, and tells whether the session came', async () => {
  const server = new MemorySmallServer();
  const socket = await serveSmallServer(server);
  expect((await runVerb(['server', 'trigger', 'urn:imei:1', '--socket', socket])).out).toMatch(/^Session A1B of urn:imei:1 is awaited/);
  const waited = await runVerb(['server', 'trigger', 'urn:imei:1', '--wait', '5m', '--socket', socket]);
  expect([waited.code, waited.out, server.waits]).toEqual([0, 'urn:imei:1 has opened session A1B\n', [0, 60]]);
  await runVerb(['server', 'get', 'urn:imei:1', './A', '--trigger', '--socket', socket]);
  expect(server.queued).toEqual([{ id: 'urn:imei:1', trigger: true, command: 'Get', uri: './A' }]);
});
