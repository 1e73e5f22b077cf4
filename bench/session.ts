import { type Benchmark, type Measurement, median } from './benchmark.js';
import { compareFleets, rounds, sessionsPerRound, warming } from './compared-fleets.js';
import { withGatewaySite } from './gateway-site.js';
import { bytesWritten, commitsOf } from './process-cost.js';
import { percentile, runSessions, warmInTurns } from './session-load.js';
import { whyNoWatchedDisk } from './watched-disk.js';

/** Devices that have sessions at once. */
const atOnce = 32;

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
  { name: 'session.known.10k', run: rateWithManyKnown },
];

/** One comparison, for all that is told of it. */
const proxied = once(() =>
  withGatewaySite({ devices: atOnce, mode: 'proxy', ...(whyNoWatchedDisk() === undefined ? { syncDelay: 0 } : {}) }, async (site) => {
    const [ours, theirs] = [site.proxied(), site.passed()];
    const before = { pages: 0, commits: 0, checkpoints: 0, calls: 0 };
    const pairs = await compareFleets(site, ours, theirs, () => {
      Object.assign(before, { pages: bytesWritten(site.gateway.pid), calls: site.disk?.syncs() ?? 0, ...commitsOf(site.state) });
    });
    const sessions = rounds * sessionsPerRound;
    const after = commitsOf(site.state);
    const syncs = after.commits - before.commits + 3 * (after.checkpoints - before.checkpoints);
    // What SQLite's own files say is held against the calls that the process made.
    const calls = (site.disk?.syncs() ?? Number.NaN) - before.calls;
    const counted = site.disk === undefined ? { value: syncs / sessions } : { value: calls / sessions, against: syncs / sessions };
    const alone = await runSessions(ours.slice(0, 1), sessionsPerRound / 2);
    return {
      ...pairs,
      rate: { ...pairs.rate, goal: 0.25 },
      fsyncs: { ...counted, unit: 'fsyncs/session' },
      written: { value: pairs.written(before.pages) / sessions, unit: 'bytes/session' },
      times: [alone.times, pairs.times],
    };
  }),
);

/** With ten thousand others known, against ten. */
async function rateWithManyKnown(): Promise<Measurement> {
  return withGatewaySite({ devices: atOnce, mode: 'proxy', known: 10 }, (few) =>
    withGatewaySite({ devices: atOnce, mode: 'proxy', known: 10_000 }, async (many) => {
      const [ours, theirs] = [many.proxied(), few.proxied()];
      await warmInTurns([ours, theirs], warming);
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
