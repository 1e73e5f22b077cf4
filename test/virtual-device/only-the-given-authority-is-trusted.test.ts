import { expect, test } from 'vitest';
import { systemClock } from '#src/base/index.js';
import { openLocalCa, serverTlsOptions } from '#src/security/index.js';
import { temporaryDirectory } from '../security/temporary-directory.js';
import { deviceFor } from './device.js';
import { DmServer } from './dm-server.js';

async function serverWith(addresses: readonly string[]) {
  const ca = await openLocalCa({ directory: temporaryDirectory(), clock: systemClock });
  const names = addresses.length === 0 ? ['server.example'] : [];
  const credentials = await ca.issue({ names, addresses, usage: 'server', days: 10 });
  return { ca, server: await DmServer.start({ tls: serverTlsOptions({ credentials }) }) };
}

test('a server that it vouches for is spoken to', async () => {
  const { ca, server } = await serverWith(['127.0.0.1']);
  const { device, events } = deviceFor({ url: server.url, trust: [ca.certificate] });
  expect(await device.runSession()).toMatchObject({ result: 'complete' });
  expect(events.some(({ event }) => event === 'warning')).toBe(false);
});

test('another authority, none, or another name is refused before anything is said', async () => {
  const { ca, server } = await serverWith(['127.0.0.1']);
  const other = await serverWith([]);
  for (const [url, trust] of [
    [server.url, [other.ca.certificate]],
    [server.url, []],
    [other.server.url, [other.ca.certificate, ca.certificate]],
  ] as const) {
    const { device } = deviceFor({ url, trust });
    const { result, detail } = await device.runSession();
    expect(result).toBe('silence');
    expect(detail).toContain('TLS');
  }
  expect([server.bodies, other.server.bodies]).toEqual([[], []]);
});
