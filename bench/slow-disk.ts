import type { Benchmark, Measurement, Skipped } from './benchmark.js';
import { withGatewaySite } from './gateway-site.js';
import { percentile, runFor, warmUp } from './session-load.js';
import { whyNoWatchedDisk } from './watched-disk.js';

const atOnce = 32;
/** Milliseconds that each fsync takes longer: the flash of a router at work. */
const syncDelay = 20;
/** The gateway looks at its event loop ten times a second: this makes 200 looks. */
const seconds = 20;

interface SlowDisk {
  /** Milliseconds, 99th percentile of how late the gateway's timers ran. */
  readonly loop: number;
  readonly perSecond: number;
  /** Per session. */
  readonly syncs: number;
  /** Milliseconds of a session, 99th percentile. */
  readonly p99: number;
}

/**
 * `session.proxy` where each fsync takes 20 ms longer, against the same where it does not: what the loop waits for there is not the disk.
 * The loop's delay is the gateway's own metric.
 */
export const benchmarks: readonly Benchmark[] = [
  line('session.proxy.slow-disk', 'perSecond', { unit: 'sessions/s' }),
  line('session.proxy.slow-disk.loop-p99', 'loop', { unit: 'ms', goal: 50, better: 'lower' }),
  line('session.proxy.slow-disk.fsyncs', 'syncs', { unit: 'fsyncs/session' }),
  line('session.proxy.slow-disk.p99', 'p99', { unit: 'ms' }),
];

function line(name: string, what: keyof SlowDisk, judged: Omit<Measurement, 'value'>): Benchmark {
  return {
    name,
    async run(): Promise<Measurement | Skipped> {
      const skipped = whyNoWatchedDisk();
      if (skipped !== undefined) return { skipped };
      slowAndQuick ??= inTurns();
      const { slow, quick } = await slowAndQuick;
      return { value: slow[what], against: quick[what], ...judged };
    },
  };
}

let slowAndQuick: ReturnType<typeof inTurns> | undefined;

async function inTurns(): Promise<{ readonly slow: SlowDisk; readonly quick: SlowDisk }> {
  return { slow: await measured(syncDelay), quick: await measured(0) };
}

/** @param delay of each fsync, in milliseconds */
function measured(delay: number): Promise<SlowDisk> {
  return withGatewaySite({ devices: atOnce, mode: 'proxy', syncDelay: delay }, async (site) => {
    const devices = site.proxied();
    await warmUp(devices, 5);
    // Each reading begins the next: this one ends what came before.
    await site.metric('postern_event_loop_delay_p99_seconds');
    const before = site.disk?.syncs() ?? Number.NaN;
    const { perSecond, times } = await runFor(devices, seconds);
    const syncs = ((site.disk?.syncs() ?? Number.NaN) - before) / times.length;
    const loop = (await site.metric('postern_event_loop_delay_p99_seconds')) * 1000;
    return { loop, perSecond, syncs, p99: percentile(times, 0.99) };
  });
}
