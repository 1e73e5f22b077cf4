import { Cgroup, whyNoCgroup } from '../test/peers/cgroup.js';
import { nobody, unprivileged } from '../test/peers/network.js';
import type { Benchmark, Measurement, Skipped } from './benchmark.js';
import { DeviceEar } from './device-ear.js';
import { type GatewaySite, withGatewaySite } from './gateway-site.js';
import { exactProcessorTime, peakMemory, userOf } from './process-cost.js';
import { runSessions } from './session-load.js';
import { triggerDevice } from './trigger-device.js';

const mebibyte = 1 << 20;
/** What a small router can spare. */
const smallBox = { memory: 128 * mebibyte, cpus: 0.25 };

/** What the gateway did in the box, and what that took. */
export interface BoxRun {
  /** Who it ran as. */
  readonly user: number;
  /** Seconds until it listened. */
  readonly start: number;
  /** Sessions that devices had, those that a trigger asked for with them. */
  readonly sessions: number;
  /** Of them, those that a trigger asked for. */
  readonly asked: number;
  /** Seconds that they took. */
  readonly took: number;
  /** MiB in the process's memory at most, and what was charged to the box at most, caches of files with it. */
  readonly rss: number;
  readonly charged: number;
  /** Seconds of processor time, and those for which threads waited for the next share, added up. */
  readonly cpu: number;
  readonly throttled: number;
  /** Processes that the kernel ended for want of memory. */
  readonly killed: number;
}

/** The gateway alone, as a user without rights, in a cgroup of 128 MiB and a quarter of a core, with TLS, broker and forward proxy. */
export const benchmarks: readonly Benchmark[] = [
  line('footprint.box.start', ({ start }) => ({ value: start, unit: 's' })),
  line('footprint.box.rss.peak', ({ rss }) => ({ value: rss, unit: 'MiB', goal: 128, better: 'lower' })),
  line('footprint.box.charged.peak', ({ charged }) => ({ value: charged, unit: 'MiB' })),
  line('footprint.box.sessions', ({ sessions, took }) => ({ value: sessions / took, unit: 'sessions/s' })),
  line('footprint.box.cpu', ({ cpu }) => ({ value: cpu, unit: 's' })),
  line('footprint.box.throttled', ({ throttled }) => ({ value: throttled, unit: 's' })),
];

function line(name: string, told: (run: BoxRun) => Measurement): Benchmark {
  return {
    name,
    async run(): Promise<Measurement | Skipped> {
      const skipped = whyNoCgroup();
      if (skipped !== undefined) return { skipped };
      boxed ??= runInBox({ devices: 10, each: 12, tls: true });
      return told(await boxed);
    },
  };
}

let boxed: Promise<BoxRun> | undefined;

/**
 * Starts a gateway in the box, lets each device have so many sessions of 4 KB, and triggers each once.
 * @throws Error when one of them is not answered as it should be
 */
export async function runInBox({ devices, each, tls }: { devices: number; each: number; tls: boolean }): Promise<BoxRun> {
  const box = new Cgroup(smallBox);
  const ears = await Promise.all(Array.from({ length: devices }, () => DeviceEar.open()));
  const runs = { as: nobody, by: [...box.entered, ...unprivileged()] };
  const sections = { broker: { port: 0 }, transparent: { port: 0 } };
  try {
    return await withGatewaySite({ devices, mode: 'proxy', tls, ears, sections, runs }, (site) => work(site, { box, ears, each }));
  } finally {
    for (const ear of ears) ear.close();
    await box.remove();
  }
}

async function work(site: GatewaySite, { box, ears, each }: { box: Cgroup; ears: readonly DeviceEar[]; each: number }): Promise<BoxRun> {
  const { gateway } = site;
  if (!box.holds(gateway.pid)) throw new Error('the gateway is not in its cgroup');
  const fleet = site.proxied();
  const begun = performance.now();
  // The first may be challenged.
  for (const device of fleet) await device.session();
  await runSessions(fleet, fleet.length * (each - 1));
  for (const [at, device] of fleet.entries()) await triggerDevice(site, device, { at, ear: ears[at] as DeviceEar });
  const took = (performance.now() - begun) / 1000;
  const { asked } = JSON.parse(await site.tellServer('traffic')) as { asked: number };
  const { peak, throttled, killed } = box.read();
  return {
    user: userOf(gateway.pid),
    start: gateway.startedIn / 1000,
    sessions: fleet.length * (each + 1),
    asked,
    took,
    rss: peakMemory(gateway.pid) / 1024,
    charged: peak / mebibyte,
    cpu: exactProcessorTime(gateway.pid) / 1000,
    throttled: throttled / 1000,
    killed,
  };
}
