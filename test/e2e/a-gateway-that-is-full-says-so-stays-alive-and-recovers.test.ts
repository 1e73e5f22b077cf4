import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type TLSSocket } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { ask } from './ask.js';
import { eventually } from './eventually.js';
import { knock } from './knock.js';
import { PatientDevice } from './patient-device.js';
import { deviceId, Site } from './site.js';

const mebibyte = 1024 * 1024;
const bodyBytes = 8 * mebibyte;
/** What it may have beside what it has at rest; sixteen bodies are 128 MiB. Of what they took the C library keeps some. */
const room = 100 * mebibyte;

/** A metric without labels, or with those of `labels`. */
async function metric(site: Site, name: string, labels = ''): Promise<number> {
  const { body } = await ask(site.gatewaySocket, '/metrics');
  const line = body.split('\n').find((one) => one.startsWith(`${name}${labels} `));
  return Number(line?.split(' ')[1] ?? Number.NaN);
}

/** Sends all of a body but its last byte. */
async function almostPost(site: Site, trust: string): Promise<TLSSocket> {
  const { port } = new URL(site.gatewayUrl);
  const socket = connect({ port: Number(port), host: '127.0.0.1', ca: trust }).on('error', () => {});
  await once(socket, 'secureConnect');
  socket.write(
    `POST /dm HTTP/1.1\r\nHost: gateway.example\r\nContent-Type: application/vnd.syncml.dm+xml\r\nContent-Length: ${bodyBytes}\r\n\r\n`,
  );
  socket.write(Buffer.alloc(bodyBytes - 1, ' '));
  return socket;
}

function residentBytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}

test('memory that bodies fill: 503 with Retry-After and a reason, then sessions as before', async () => {
  const limits: Record<string, unknown> = { messageBytes: bodyBytes, bodyTimeout: '5m', headerTimeout: '1m', sessionIdle: '2s' };
  const site = await Site.open({ gateway: { limits } });
  onTestFinished(() => site.close());
  const added = await site.addDevice();
  const { trust } = added;
  const device = new PatientDevice(added);
  onTestFinished(() => device.close());
  expect(await device.session()).toMatchObject({ result: 'complete' });
  // Of a stranger: a repeat of the device's own would get its stored answer.
  const first = device.exchanges[0]?.sent.toString('utf8').replaceAll(deviceId, 'urn:imei:000000000000000');
  await site.gateway.kill();
  await site.startGateway();
  limits['memory'] = Math.round(residentBytes(site.gateway.pid) + room);
  await site.gateway.kill();
  await site.startGateway();
  expect(await device.session()).toMatchObject({ result: 'complete' });

  const bodies = await Promise.all(Array.from({ length: 16 }, () => almostPost(site, trust)));
  await site.logged(/overload: new work is refused/);
  // One each second is taken all the same.
  const refused = await eventually('a refusal', async () => {
    const answer = await knock({ url: site.gatewayUrl, trust, body: first ?? '' });
    return answer.status === 503 ? answer : undefined;
  });
  expect(refused.headers['retry-after']).toBe('30');
  const ready = await ask(site.gatewaySocket, '/readyz');
  expect([ready.status, ready.body]).toEqual([503, expect.stringContaining('(limits.memory)')]);
  const healthy = await ask(site.gatewaySocket, '/healthz');
  expect([healthy.status, healthy.body]).toEqual([200, expect.stringContaining('degraded')]);
  expect(await metric(site, 'postern_overload_level')).toBeGreaterThan(0);
  expect(await metric(site, 'postern_pressure_ratio', '{of="memory"}')).toBeGreaterThan(0.9);

  for (const body of bodies) body.destroy();
  // At once, or one each second: how much of it the C library gives back to the system is not ours to say.
  await eventually('a session', async () => ((await device.session()).result === 'complete' ? true : undefined));
});
