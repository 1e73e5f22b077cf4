import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Benchmark } from './benchmark.js';
import { startGateway } from './gateway-process.js';

const peers = 500;
/** The body is given 30 s, and the whole of it somewhat more. */
const patience = 45_000;

interface Siege {
  /** Milliseconds from connecting until the last of those that sent no whole head was closed, and the last of the others. */
  readonly heads: number;
  readonly bodies: number;
  /** Milliseconds, of good requests meanwhile. */
  readonly p99: number;
}

let sieged: Promise<Siege> | undefined;

/** 500 slow connections at once: a fifth says nothing, two fifths send a head byte by byte, two fifths a body. */
export const benchmarks: readonly Benchmark[] = [
  { name: 'limits.slow.heads', run: async () => ({ value: (await siege()).heads / 1000, unit: 's', goal: 12, better: 'lower' }) },
  { name: 'limits.slow.bodies', run: async () => ({ value: (await siege()).bodies / 1000, unit: 's', goal: 32, better: 'lower' }) },
  { name: 'limits.slow.p99', run: async () => ({ value: (await siege()).p99, unit: 'ms', goal: 250, better: 'lower' }) },
];

function siege(): Promise<Siege> {
  sieged ??= besiege();
  return sieged;
}

async function besiege(): Promise<Siege> {
  const state = await mkdtemp(join(tmpdir(), 'postern-slow-'));
  const port = await freePort();
  const config = join(state, 'postern.yaml');
  await writeFile(config, `south:\n  port: ${port}\n  tls: false\n  maxConnections: ${peers + 100}\n`, { mode: 0o600 });
  const gateway = await startGateway(state, { config });
  try {
    return await measure(port);
  } finally {
    await gateway.stop();
    await rm(state, { recursive: true });
  }
}

async function measure(port: number): Promise<Siege> {
  const started = Array.from({ length: peers }, (_, at) => ({ body: at % 5 > 2, closed: slowPeer(port, at) }));
  const all = Promise.all(started.map(async ({ body, closed }) => ({ body, after: await closed })));
  const waits = await goodWaits(port, all);
  const last = (body: boolean, ends: Awaited<typeof all>) => Math.max(...ends.filter((end) => end.body === body).map(({ after }) => after));
  const ends = await all;
  return {
    heads: last(false, ends),
    bodies: last(true, ends),
    p99: waits.sort((a, b) => a - b)[Math.floor(waits.length * 0.99)] ?? Number.NaN,
  };
}

/** @returns milliseconds until it was closed; infinite where it was not */
function slowPeer(port: number, at: number): Promise<number> {
  const socket = connect(port, '127.0.0.1');
  const begun = performance.now();
  socket.on('error', () => {});
  socket.resume();
  if (at % 5 > 0) socket.write('POST /dm HTTP/1.1\r\nHost: gateway.example\r\n');
  if (at % 5 > 2) socket.write('Content-Type: application/vnd.syncml.dm+xml\r\nContent-Length: 1000\r\n\r\n');
  const drip = at % 5 === 0 ? undefined : setInterval(() => socket.write('x'), 1_000);
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

/** How long good requests, ten a second, each on its own connection, wait for their answers until something has ended. */
async function goodWaits(port: number, until: Promise<unknown>): Promise<number[]> {
  const waits: number[] = [];
  let over = false;
  void until.then(() => {
    over = true;
  });
  while (!over) {
    waits.push(await goodRequest(port));
    await pause(100);
  }
  return waits;
}

async function goodRequest(port: number): Promise<number> {
  const begun = performance.now();
  const response = await fetch(`http://127.0.0.1:${port}/dm`, { method: 'POST', body: 'hello', headers: { connection: 'close' } });
  if (response.status !== 415) throw new Error(`a good client got ${response.status}`);
  return performance.now() - begun;
}

async function freePort(): Promise<number> {
  const server = createServer((socket: Socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
