import { connect } from 'node:tls';
import { expect, it, onTestFinished } from 'vitest';
import { dmContentType, firstPackage } from '../../bench/canned-messages.js';
import { PlainConnection } from '../../bench/plain-connection.js';
import { eventually } from './eventually.js';
import { PatientDevice } from './patient-device.js';
import { Site } from './site.js';
import { withoutRights } from './without-rights.js';

/** MiB: the gateway at rest takes some 20 of it, and somewhat more on Node 24. */
const heap = 36;
/** What would be too much for it by far. */
const most = 8_000;
const enough = 20;

it('sessions of strangers until the heap is nearly full: 503, the reason is told, and a device still has its own', async () => {
  const { within, ...user } = withoutRights();
  const limits = { sessions: 100_000, sessionIdle: '5m', memory: '1GiB', loopDelay: '1m' };
  const site = await Site.open({
    ...user,
    within: [...within, 'env', `NODE_OPTIONS=--max-old-space-size=${heap}`],
    gateway: { limits },
  });
  onTestFinished(() => site.close());
  const { pid } = site.gateway;
  const device = new PatientDevice(await site.addDevice());
  onTestFinished(() => device.close());
  expect(await device.session()).toMatchObject({ result: 'complete' });
  const { port } = new URL(site.gatewayUrl);
  const statuses: number[] = [];
  await Promise.all(Array.from({ length: 8 }, (_, lane) => strangers(Number(port), lane, statuses)));
  expect(statuses.filter((status) => status !== 200 && status !== 503)).toEqual([]);
  expect(statuses.filter((status) => status === 503).length).toBeGreaterThanOrEqual(enough);
  await site.logged(/heap: \d+ of \d+ MiB.*overload: /);
  await eventually('a session', async () => ((await device.session()).result === 'complete' ? true : undefined));
  expect(await site.gatewayDoor.status()).toMatchObject({ pid, state: 'running' });
});

/** Sessions of others each time, until enough were refused or far too many taken. Who is refused begins again with a new connection. */
async function strangers(port: number, lane: number, statuses: number[]): Promise<void> {
  const isOver = () => statuses.length > most || statuses.filter((status) => status === 503).length >= enough;
  while (!isOver()) {
    const connection = new PlainConnection(connect({ port, host: '127.0.0.1', rejectUnauthorized: false }));
    for (let status = 200; status === 200 && !isOver(); ) {
      status = await session(connection, `urn:imei:35${lane}${String(statuses.length).padStart(12, '0')}`);
      statuses.push(status);
    }
    connection.close();
  }
}

async function session(connection: PlainConnection, source: string): Promise<number> {
  const body = firstPackage({ session: '1', message: 1, target: 'https://gateway.example/dm', source });
  const head = `POST /dm HTTP/1.1\r\nHost: gateway.example\r\nContent-Type: ${dmContentType}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
  return (await connection.exchange(head, body)).status;
}
