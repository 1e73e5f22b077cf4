import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConnectionOptions } from 'node:tls';
import { afterAll, expect, test } from 'vitest';
import { ManualClock, systemClock } from '#src/base/index.js';
import { clientTlsOptions, openLocalCa, serverTlsOptions } from '#src/security/index.js';
import { clientUnderTest, codeOf, messageTo, textOf } from './client-under-test.js';
import { endpointUnderTest } from './endpoint-under-test.js';
import { connectRaw, postOf } from './raw-peer.js';

const directory = mkdtempSync(join(tmpdir(), 'postern-tls-'));
afterAll(() => rmSync(directory, { recursive: true }));

const ca = await openLocalCa({ directory, clock: systemClock });
const trusting = clientTlsOptions({ trust: [ca.certificate], systemRoots: false });
const careless: ConnectionOptions = { rejectUnauthorized: false, checkServerIdentity: () => undefined };

async function endpointNamed(addresses: readonly string[]) {
  const names = addresses.length === 0 ? ['gateway.example'] : [];
  const credentials = await ca.issue({ names, addresses, usage: 'server', days: 10 });
  return endpointUnderTest({ tls: serverTlsOptions({ credentials }) });
}

test('a name that fits is trusted', async () => {
  const endpoint = await endpointNamed(['127.0.0.1']);
  const session = clientUnderTest({ tls: trusting }).session();
  expect(await textOf(session, messageTo(`https://127.0.0.1:${endpoint.port}/dm`))).toBe('hello');
  expect(await textOf(session, messageTo(`https://127.0.0.1:${endpoint.port}/dm`, 'again'))).toBe('again');
  expect(endpoint.requests[0]?.encrypted).toBe(true);
});

test.each([
  ['another name', [], trusting],
  ['another name, though the caller would not look', [], { ...careless, ca: ca.certificate }],
  ['an unknown authority', ['127.0.0.1'], clientTlsOptions({ trust: [] })],
  ['an unknown authority, though the caller would not look', ['127.0.0.1'], careless],
] as const)('%s is refused', async (_what, addresses, tls) => {
  const endpoint = await endpointNamed(addresses);
  const answer = clientUnderTest({ tls })
    .session()
    .post(messageTo(`https://127.0.0.1:${endpoint.port}/dm`));
  expect(await codeOf(answer)).toBe('wire.tls');
  expect(endpoint.requests).toEqual([]);
});

test('a check of the caller comes on top', async () => {
  const endpoint = await endpointNamed(['127.0.0.1']);
  const tls = { ...trusting, checkServerIdentity: () => Object.assign(new Error('not pinned'), { code: 'ERR_TLS_PIN' }) };
  const answer = clientUnderTest({ tls })
    .session()
    .post(messageTo(`https://127.0.0.1:${endpoint.port}/dm`));
  await expect(answer).rejects.toMatchObject({ code: 'wire.tls', details: { reason: 'not pinned' } });
});

test('plain http on a TLS port is closed, and a handshake that does not end', async () => {
  const clock = new ManualClock(Date.now());
  const credentials = await ca.issue({ names: [], addresses: ['127.0.0.1'], usage: 'server', days: 10 });
  const endpoint = await endpointUnderTest({ tls: serverTlsOptions({ credentials }), clock });
  const plain = connectRaw(endpoint.port);
  plain.write(postOf('hello'));
  await plain.closed;
  const stalled = connectRaw(endpoint.port);
  await new Promise((resolve) => stalled.socket.once('connect', resolve));
  while (clock.pending().length === 0) await new Promise((resolve) => setImmediate(resolve));
  clock.advance(10_000);
  await stalled.closed;
  expect(endpoint.requests).toEqual([]);
});

test('https to a plain port is a failed handshake', async () => {
  const endpoint = await endpointUnderTest();
  const answer = clientUnderTest({ tls: trusting })
    .session()
    .post(messageTo(`https://127.0.0.1:${endpoint.port}/dm`));
  expect(await codeOf(answer)).toBe('wire.tls');
});
