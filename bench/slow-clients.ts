import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import type { Benchmark } from './benchmark.js';
import type { CannedDevice } from './canned-device.js';
import { withGatewaySite } from './gateway-site.js';
import { percentile, warmUp } from './session-load.js';

const peers = 500;
/** The body is given 30 s, and the whole of it somewhat more. */
const patience = 45_000;

interface Siege {
  /** Milliseconds from connecting until the last of those that sent no whole head was closed, and the last of the others. */
  readonly heads: number;
  readonly bodies: number;
  /** Milliseconds, of whole sessions of good devices meanwhile. */
  readonly p99: number;
}

let sieged: Promise<Siege> | undefined;

/**
 * 500 slow connections at once to the DM endpoint with TLS: a fifth says nothing, a fifth begins a handshake, a fifth sends a head byte by
 * byte, two fifths a body. Meanwhile four devices have one session after the other with a DM server, each on a connection of its own.
 */
export const benchmarks: readonly Benchmark[] = [
  { name: 'limits.slow.heads', run: async () => ({ value: (await siege()).heads / 1000, unit: 's', goal: 12, better: 'lower' }) },
  { name: 'limits.slow.bodies', run: async () => ({ value: (await siege()).bodies / 1000, unit: 's', goal: 32, better: 'lower' }) },
  { name: 'limits.slow.p99', run: async () => ({ value: (await siege()).p99, unit: 'ms', goal: 250, better: 'lower' }) },
];

function siege(): Promise<Siege> {
  sieged ??= withGatewaySite({ devices: 4, mode: 'proxy', tls: true }, async (site) => {
    const good = site.proxied();
    await warmUp(good, 5);
    return besiege(site.ports.south, good);
  });
  return sieged;
}

async function besiege(port: number, good: readonly CannedDevice[]): Promise<Siege> {
  const started = Array.from({ length: peers }, (_, at) => ({ body: at % 5 > 2, closed: slowPeer(port, at % 5) }));
  const all = Promise.all(started.map(async ({ body, closed }) => ({ body, after: await closed })));
  const times = await sessionsUntil(all, good);
  const last = (body: boolean, ends: Awaited<typeof all>) => Math.max(...ends.filter((end) => end.body === body).map(({ after }) => after));
  const ends = await all;
  return { heads: last(false, ends), bodies: last(true, ends), p99: percentile(times, 0.99) };
}

/** @returns milliseconds until it was closed; infinite where it was not */
function slowPeer(port: number, kind: number): Promise<number> {
  const begun = performance.now();
  const socket = opened(port, kind);
  socket.on('error', () => {});
  socket.resume();
  if (kind > 1) socket.write('POST /dm HTTP/1.1\r\nHost: gateway.example\r\n');
  if (kind > 2) socket.write('Content-Type: application/vnd.syncml.dm+xml\r\nContent-Length: 1000\r\n\r\n');
  const drip = kind > 1 ? setInterval(() => socket.write('x'), 1_000) : undefined;
  return new Promise((resolve) => {
    const end = (after: number) => {
      clearInterval(drip);
      clearTimeout(given);
      socket.destroy();
      resolve(after);
    };
    const given = setTimeout(() => end(Number.POSITIVE_INFINITY), patience);
    socket.once('close', () => end(performance.now() - begun));
  });
}

/** A connection that says nothing, one that has begun a handshake and stops, or one that can be spoken over. */
function opened(port: number, kind: number): Socket {
  const to = { port, host: '127.0.0.1' };
  // Who is slow does not look whom it speaks to.
  if (kind > 1) return connectTls({ ...to, rejectUnauthorized: false });
  const socket = connect(to);
  if (kind === 1) socket.write(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]));
  return socket;
}

/** Milliseconds of sessions, ten a second of each device, sorted. */
async function sessionsUntil(end: Promise<unknown>, devices: readonly CannedDevice[]): Promise<number[]> {
  const times: number[] = [];
  let over = false;
  void end.then(() => {
    over = true;
  });
  const work = async (device: CannedDevice) => {
    while (!over) {
      const begun = performance.now();
      await device.session();
      times.push(performance.now() - begun);
      await pause(100);
    }
  };
  await Promise.all(devices.map(work));
  return times.toSorted((a, b) => a - b);
}
