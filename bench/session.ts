import { type Benchmark, type Measurement, median } from './benchmark.js';
import type { CannedDevice } from './canned-device.js';
import { type GatewaySite, withGatewaySite } from './gateway-site.js';
import { bytesWritten, commitsOf, processorTime, residentMemory } from './process-cost.js';
import { type Load, percentile, runSessions, warmUp } from './session-load.js';

/** Devices that have sessions at once. */
const atOnce = 32;
const rounds = 7;
const sessionsPerRound = 320;
/** Sessions of each kind before anything is timed. */
const warming = 40;

/** Sessions of two messages of 4 KB each way, against a raw pass-through of Node to the same server. */
export const benchmarks: readonly Benchmark[] = [
  { name: 'session.proxy', run: async () => (await proxied()).rate },
  { name: 'session.proxy.cpu', run: async () => (await proxied()).cpu },
  { name: 'session.proxy.fsyncs', run: async () => (await proxied()).fsyncs },
  { name: 'session.proxy.written', run: async () => (await proxied()).written },
  ...['alone', 'at-32'].flatMap((load, at) =>
    (['p50', 'p99'] as const).map((share) => ({
      name: `session.proxy.${share}.${load}`,
      run: async () => ({ value: percentile((await proxied()).times[at] ?? [], share === 'p50' ? 0.5 : 0.99), unit: 'ms' }),
    })),
  ),
  {
    name: 'session.transparent',
    run: () => transparent((site) => ({ ours: site.relayed('absolute'), theirs: site.passed() }), 0.9),
  },
  {
    name: 'session.transparent.per-message',
    run: () => transparent((site) => ({ ours: site.relayed('absolute'), theirs: site.passed('message') })),
  },
  {
    name: 'session.transparent.tunnel',
    run: () => transparent((site) => ({ ours: site.relayed('tunnel'), theirs: site.passed() }), 0.9),
  },
  { name: 'session.memory', run: memoryOfOpenSessions },
  { name: 'session.known.10k', run: rateWithManyKnown },
];

/** One comparison, for all that is told of it. */
const proxied = once(() =>
  withGatewaySite({ devices: atOnce, mode: 'proxy' }, async (site) => {
    const [ours, theirs] = [site.proxied(), site.passed()];
    const before = { pages: 0, commits: 0, checkpoints: 0 };
    const pairs = await compareFleets(site, ours, theirs, () => {
      Object.assign(before, { pages: bytesWritten(site.gateway.pid), ...commitsOf(site.state) });
    });
    const sessions = rounds * sessionsPerRound;
    const after = commitsOf(site.state);
    const syncs = after.commits - before.commits + 2 * (after.checkpoints - before.checkpoints);
    const alone = await runSessions(ours.slice(0, 1), sessionsPerRound / 2);
    return {
      ...pairs,
      rate: { ...pairs.rate, goal: 0.25 },
      fsyncs: { value: syncs / sessions, unit: 'fsyncs/session' },
      written: { value: pairs.written(before.pages) / sessions, unit: 'bytes/session' },
      times: [alone.times, pairs.times],
    };
  }),
);

async function transparent(
  fleets: (site: GatewaySite) => { ours: CannedDevice[]; theirs: CannedDevice[] },
  goal?: number,
): Promise<Measurement> {
  return withGatewaySite({ devices: atOnce, mode: 'transparent' }, async (site) => {
    const { ours, theirs } = fleets(site);
    const { rate } = await compareFleets(site, ours, theirs);
    return { ...rate, ...(goal === undefined ? {} : { goal }) };
  });
}

/** Both in turns in one run, the one that begins changing. @param warm called when both are warm */
async function compareFleets(site: GatewaySite, ours: readonly CannedDevice[], theirs: readonly CannedDevice[], warm = () => {}) {
  await warmUp(ours, warming);
  await warmUp(theirs, warming);
  warm();
  const compared: { readonly our: Costed; readonly their: Costed }[] = [];
  for (let round = 0; round < rounds; round++) {
    const first = round % 2 === 0 ? await costed(site.gateway.pid, ours) : undefined;
    const their = await costed(site.passThrough.pid, theirs);
    const our = first ?? (await costed(site.gateway.pid, ours));
    compared.push({ our, their });
  }
  const of = (key: 'perSecond' | 'cpu'): Measurement => ({
    value: median(compared.map(({ our }) => our[key])),
    unit: key === 'cpu' ? 'ms/session' : 'sessions/s',
    against: median(compared.map(({ their }) => their[key])),
    ratio: median(compared.map(({ our, their }) => (key === 'cpu' ? their[key] / our[key] : our[key] / their[key]))),
  });
  const written = (from: number) => bytesWritten(site.gateway.pid) - from;
  return { rate: of('perSecond'), cpu: of('cpu'), written, times: compared.flatMap(({ our }) => our.times).sort((a, b) => a - b) };
}

/** What a round took; `cpu` in milliseconds per session. */
interface Costed extends Load {
  readonly cpu: number;
}

/** A round, with the processor time that it took in the process in between. */
async function costed(pid: number, devices: readonly CannedDevice[]): Promise<Costed> {
  const before = processorTime(pid);
  const load = await runSessions(devices, sessionsPerRound);
  return { ...load, cpu: (processorTime(pid) - before) / sessionsPerRound };
}

/** Sessions whose package 1 is answered and whose package 3 does not come; what the gateway's memory grew by. */
async function memoryOfOpenSessions(): Promise<Measurement> {
  const sessions = 500;
  return withGatewaySite({ devices: sessions, mode: 'proxy' }, async ({ gateway, proxied }) => {
    const devices = proxied();
    // Twice all of them first: what the heap grows by once is no session's.
    for (let at = 0; at < devices.length; at += atOnce) await warmUp(devices.slice(at, at + atOnce), 2);
    const before = residentMemory(gateway.pid);
    for (let at = 0; at < devices.length; at += atOnce) await Promise.all(devices.slice(at, at + atOnce).map((device) => device.open()));
    const after = residentMemory(gateway.pid);
    for (const device of devices) device.leave();
    return { value: (after - before) / sessions, unit: 'KiB/session' };
  });
}

/** With ten thousand others known, against ten. */
async function rateWithManyKnown(): Promise<Measurement> {
  return withGatewaySite({ devices: atOnce, mode: 'proxy', known: 10 }, (few) =>
    withGatewaySite({ devices: atOnce, mode: 'proxy', known: 10_000 }, async (many) => {
      const [ours, theirs] = [many.proxied(), few.proxied()];
      await warmUp(ours, warming);
      await warmUp(theirs, warming);
      const pairs = [];
      for (let round = 0; round < rounds; round++) {
        const first = round % 2 === 0 ? await runSessions(ours, sessionsPerRound / 2) : undefined;
        const their = await runSessions(theirs, sessionsPerRound / 2);
        pairs.push({ our: (first ?? (await runSessions(ours, sessionsPerRound / 2))).perSecond, their: their.perSecond });
      }
      return {
        value: median(pairs.map(({ our }) => our)),
        unit: 'sessions/s',
        against: median(pairs.map(({ their }) => their)),
        ratio: median(pairs.map(({ our, their }) => our / their)),
        goal: 0.9,
      };
    }),
  );
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= work();
    return result;
  };
}
