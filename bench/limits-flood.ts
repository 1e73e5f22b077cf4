import { connectAsync } from 'mqtt';
import { clientPassword, deviceUser } from './bench-passwords.js';
import { startBenchProgram } from './bench-program.js';
import type { Benchmark, Measurement } from './benchmark.js';
import type { CannedDevice } from './canned-device.js';
import { abuserAt, abusers } from './flood-peers.js';
import { type GatewaySite, withGatewaySite } from './gateway-site.js';
import { residentMemory } from './process-cost.js';
import { percentile } from './session-load.js';

const lasting = 60_000;
const settling = 3_000;
/** The 76th of those that the broker knows is honest. */
const honest = abusers;
const devices = 100;
/** Each device has a session every five seconds, about. */
const sessionEvery = 5_000;
const mebibyte = 1024;

interface Flooded {
  /** MiB. */
  readonly rest: number;
  readonly peak: number;
  /** MiB a minute, of the lowest in each ten seconds of the second half. */
  readonly slope: number;
  /** Milliseconds, sorted. */
  readonly acknowledged: readonly number[];
  readonly lost: number;
  readonly sessions: readonly number[];
  readonly shed: number;
  /** Milliseconds. */
  readonly loop: number;
}

const mqttAlone = once(() => flood({ south: false }));
const everything = once(() => flood({ south: true }));

/**
 * `limits.flood`: 500 peers that claim 256 MiB, 50 devices that send 1 000 messages a second, half-open QoS 2, topics of 5 000 levels, subscribers that read
 * nothing, devices that flap. `limits.everything`: with them 500 half-open requests, slow bodies, slow readers, stalled TLS handshakes and eight peers that throw
 * mutated messages, while 100 devices have their sessions. For a minute each; the devices' own times tell of the machine too, which the flood shares.
 */
export const benchmarks: readonly Benchmark[] = [
  { name: 'limits.flood.rss', run: () => of(mqttAlone, ({ peak, rest }) => ({ value: peak - rest, unit: 'MiB', goal: 32 })) },
  {
    name: 'limits.flood.qos1.p99',
    run: () => of(mqttAlone, ({ acknowledged }) => ({ value: percentile(acknowledged, 0.99), unit: 'ms', goal: 500 })),
  },
  { name: 'limits.flood.lost', run: () => of(mqttAlone, ({ lost }) => ({ value: lost, unit: 'messages', goal: 0 })) },
  { name: 'limits.everything.rss', run: () => of(everything, ({ peak }) => ({ value: peak, unit: 'MiB', goal: 128 })) },
  { name: 'limits.everything.loop.p99', run: () => of(everything, ({ loop }) => ({ value: loop, unit: 'ms', goal: 100 })) },
  {
    name: 'limits.everything.session.p99',
    run: () => of(everything, ({ sessions }) => ({ value: percentile(sessions, 0.99), unit: 'ms' })),
  },
  { name: 'limits.everything.sessions', run: () => of(everything, ({ sessions }) => ({ value: sessions.length, unit: 'sessions' })) },
  { name: 'limits.everything.shed', run: () => of(everything, ({ shed }) => ({ value: shed, unit: 'sessions' })) },
  {
    name: 'limits.everything.qos1.p99',
    run: () => of(everything, ({ acknowledged }) => ({ value: percentile(acknowledged, 0.99), unit: 'ms', goal: 500 })),
  },
  { name: 'limits.everything.lost', run: () => of(everything, ({ lost }) => ({ value: lost, unit: 'messages', goal: 0 })) },
  { name: 'limits.everything.slope', run: () => of(everything, ({ slope }) => ({ value: slope, unit: 'MiB/min', goal: 1 })) },
];

async function of(run: () => Promise<Flooded>, figure: (flooded: Flooded) => Measurement): Promise<Measurement> {
  return { better: 'lower', ...figure(await run()) };
}

function flood({ south }: { readonly south: boolean }): Promise<Flooded> {
  const mqtt = 21_883;
  const passwords = { clientPassword: { value: clientPassword } };
  const broker = { port: mqtt, limits: { connections: 700, perAddress: 700 } };
  const known = Array.from({ length: abusers + 1 }, (_, at) => ({
    id: abuserAt(at),
    userName: deviceUser + at,
    ...passwords,
    accounts: [],
  }));
  const transparent = { port: 0, tls: true };
  const sections = { broker, ...(south ? { transparent: { ...transparent, port: 21_128 } } : {}), limits: { sessions: 512 } };
  return withGatewaySite({ devices: south ? devices : 1, mode: 'proxy', sections, further: known }, async (site) => {
    await pause(settling);
    const rest = residentMemory(site.gateway.pid) / mebibyte;
    const ports = south ? [site.ports.south, mqtt, 21_128] : [0, mqtt, 0];
    await site.metric('postern_event_loop_delay_p99_seconds');
    const floods = await startBenchProgram('flood', ...ports.map(String));
    try {
      return { rest, ...(await measure(site, mqtt, south ? site.proxied() : [])) };
    } finally {
      await floods.stop();
    }
  });
}

async function measure(site: GatewaySite, mqtt: number, fleet: readonly CannedDevice[]): Promise<Omit<Flooded, 'rest'>> {
  const end = performance.now() + lasting;
  const memory: number[] = [];
  const sampling = setInterval(() => memory.push(residentMemory(site.gateway.pid) / mebibyte), 100);
  const [published, sessions] = await Promise.all([publishUntil(end, mqtt), Promise.all(fleet.map((device) => visitUntil(end, device)))]);
  clearInterval(sampling);
  const loop = (await site.metric('postern_event_loop_delay_p99_seconds')) * 1000;
  return {
    peak: Math.max(...memory),
    slope: slopeOf(memory.slice(memory.length >> 1)),
    ...published,
    sessions: sessions.flatMap(({ times }) => times).sort((a, b) => a - b),
    shed: sessions.reduce((sum, { shed }) => sum + shed, 0),
    loop,
  };
}

/** One honest device at the broker: ten messages of QoS 1 a second, each waited for. What is not acknowledged in the end is lost. */
async function publishUntil(end: number, port: number): Promise<Pick<Flooded, 'acknowledged' | 'lost'>> {
  const id = abuserAt(honest);
  const login = { username: deviceUser + honest, password: clientPassword, clientId: id, reconnectPeriod: 200 };
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`, login);
  client.on('error', () => {});
  const acknowledged: number[] = [];
  let sent = 0;
  while (performance.now() < end) {
    const began = performance.now();
    sent += 1;
    const arrived = client.publishAsync(`devices/${encodeURIComponent(id)}/x`, String(sent), { qos: 1 });
    await Promise.race([arrived.then(() => acknowledged.push(performance.now() - began)), pause(10_000)]);
    await pause(100);
  }
  await client.endAsync(true);
  return { acknowledged: acknowledged.sort((a, b) => a - b), lost: sent - acknowledged.length };
}

/** Sessions of one device; one that is refused or cut off is tried again at its next time. */
async function visitUntil(end: number, device: CannedDevice): Promise<{ times: number[]; shed: number }> {
  const visits = { times: [] as number[], shed: 0 };
  await pause(Math.random() * sessionEvery);
  while (performance.now() < end) {
    const began = performance.now();
    await device.session().then(
      () => visits.times.push(performance.now() - began),
      () => {
        visits.shed += 1;
        device.leave();
      },
    );
    await pause(Math.max(0, sessionEvery - (performance.now() - began)));
  }
  return visits;
}

function slopeOf(memory: readonly number[]): number {
  const inTen = 100;
  const lows = Array.from({ length: Math.floor(memory.length / inTen) }, (_, at) =>
    Math.min(...memory.slice(at * inTen, (at + 1) * inTen)),
  );
  const [first = 0, last = first] = [lows[0], lows.at(-1)];
  return lows.length < 2 ? 0 : ((last - first) / (lows.length - 1)) * 6;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= work();
    return result;
  };
}
