import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { residentMemory, userOf } from '../../bench/process-cost.js';
import type { AddedDevice } from '../../src/control/index.js';
import { PatientDevice } from './patient-device.js';
import { deviceId, type Passwords, Site } from './site.js';
import { withoutRights } from './without-rights.js';

const strangers = 500;
const rounds = 4;
const mebibyte = 1024;
/** A device that knows the ports of a gateway that was started again. */
const other = 'urn:imei:490154203237526';
let site: Site;
let added: AddedDevice & Passwords;
/** What is shed for want of memory or time is shown elsewhere. */
const limits: Record<string, unknown> = { headerTimeout: '4s', bodyTimeout: '5s', memory: '140MiB', loopDelay: '1m' };

beforeAll(async () => {
  const broker = {
    port: 0,
    limits: { connections: strangers + 100, perAddress: strangers + 100, connectTimeout: '1s', messagesPerSecond: 1000 },
  };
  const south = { port: 0, plainPort: 0, maxConnections: strangers + 100 };
  site = await Site.open({ ...withoutRights(), gateway: { broker, south, limits } });
  added = await site.addDevice();
  expect(userOf(site.gateway.pid)).not.toBe(0);
});
afterAll(() => site.close());

it('at the broker: claims of 256 MiB and CONNECTs that never end take no 32 MiB, and every message of a device arrives', async () => {
  const url = new URL(await urlOf(/the broker listens/));
  const device = await talker(url.href);
  for (let count = 0; count < 50; count += 1) await device.talk();
  // What the first of them need is compiled then.
  await Promise.all(Array.from({ length: 50 }, () => untilClosed(Number(url.port), claims[0])));
  const before = residentMemory(site.gateway.pid);
  let peak = before;
  const sampling = setInterval(() => {
    peak = Math.max(peak, residentMemory(site.gateway.pid));
  }, 50);
  onTestFinished(() => clearInterval(sampling));
  const flood = everyStranger((at) => claimAgainAndAgain(Number(url.port), at));
  while (!flood.isOver()) await device.talk();
  await flood.ended;
  expect((peak - before) / mebibyte).toBeLessThan(32);
  expect(device.heard).toEqual(device.said);
});

it('at the southern doors: handshakes, heads and bodies that never end are all closed, and a device has its sessions meanwhile', async () => {
  limits['memory'] = '1GiB';
  await site.gateway.kill();
  const before = site.printed.length;
  await site.startGateway();
  const ports = {
    tls: Number(new URL(site.gatewayUrl).port),
    plain: Number(JSON.parse(await site.logged(/may come over plain http/, before)).port),
  };
  const device = new PatientDevice(await site.addDevice({ id: other }), { id: other });
  onTestFinished(() => device.close());
  expect(await device.session()).toMatchObject({ result: 'complete' });
  const flood = everyStranger((at) => stall(ports, at));
  let sessions = 0;
  for (; !flood.isOver(); sessions += 1) {
    expect(await device.session()).toMatchObject({ result: 'complete' });
    await pause(50);
  }
  await flood.ended;
  expect(sessions).toBeGreaterThan(0);
});

/** So many strangers at once; over when each has been done with. */
function everyStranger(act: (at: number) => Promise<void>) {
  let over = false;
  const ended = Promise.all(Array.from({ length: strangers }, (_, at) => act(at))).then(() => {
    over = true;
  });
  return { ended, isOver: () => over };
}

/** The header of a CONNECT of 256 MiB, with the beginning of it, without, and cut off; and nothing at all. */
const claim = Buffer.of(0x10, 0xff, 0xff, 0xff, 0x7f);
const claims = [Buffer.concat([claim, Buffer.alloc(256 * 1024)]), claim, claim.subarray(0, 3), Buffer.alloc(0)] as const;

/** Comes again each time that it was closed, with another of the claims. */
async function claimAgainAndAgain(port: number, at: number): Promise<void> {
  for (let round = 0; round < rounds; round += 1) await untilClosed(port, claims[(at + round) % claims.length]);
}

/** Half of a ClientHello, half of a head, half of a body: the latter two go on byte by byte. */
async function stall(ports: Readonly<Record<'tls' | 'plain', number>>, at: number): Promise<void> {
  if (at % 5 < 2) return untilClosed(ports.tls, Buffer.of(0x16, 0x03, 0x01, 0x02, 0x00, 0x01));
  const head = 'POST /dm HTTP/1.1\r\nHost: gateway.example\r\nContent-Type: application/vnd.syncml.dm+xml\r\n';
  return untilClosed(ports.plain, Buffer.from(at % 5 < 4 ? `${head}X-Slow: ` : `${head}Content-Length: 1000\r\n\r\n`), 500);
}

/** @param drip milliseconds after which it sends one more byte; absent: it sends no more */
async function untilClosed(port: number, bytes: Uint8Array = Buffer.alloc(0), drip?: number): Promise<void> {
  const socket: Socket = connect(port, '127.0.0.1').on('error', () => {});
  socket.resume().write(bytes);
  const dripping = drip === undefined ? undefined : setInterval(() => socket.write('x'), drip);
  await new Promise<void>((resolve) => socket.once('close', () => resolve()));
  clearInterval(dripping);
}

/** The device at the broker: says something to itself with QoS 1, and is done when it is acknowledged and heard. */
async function talker(url: string) {
  const client = await connectAsync(url, { username: deviceId, password: added.clientPassword, reconnectPeriod: 0 }, false);
  onTestFinished(() => void client.end(true));
  const topic = `devices/${encodeURIComponent(deviceId)}/echo`;
  const [said, heard]: [string[], string[]] = [[], []];
  client.on('message', (_topic, payload) => heard.push(payload.toString()));
  await client.subscribeAsync(topic, { qos: 1 });
  const talk = async () => {
    said.push(String(said.length));
    const came = new Promise((resolve) => client.once('message', resolve));
    await Promise.all([client.publishAsync(topic, said.at(-1) ?? '', { qos: 1 }), came]);
  };
  return { said, heard, talk };
}

async function urlOf(line: RegExp): Promise<string> {
  return (JSON.parse(await site.logged(line)) as { url: string }).url;
}
