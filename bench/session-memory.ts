import type { Benchmark } from './benchmark.js';
import type { CannedDevice } from './canned-device.js';
import { type GatewaySite, withGatewaySite } from './gateway-site.js';
import { residentMemory } from './process-cost.js';
import { warmUp } from './session-load.js';

/** Sessions open at once, one count after the other in one gateway. */
const counts = [50, 200, 1000] as const;
/** KiB: with 100 devices in session a gateway that is allowed 90 MiB at rest stays within 128 MiB. */
const goal = 389;
const atOnce = 32;

/**
 * What an open session costs: package 1 is answered, package 3 does not come. It is what the gateway holds in its heap and in buffers
 * once its garbage is collected; `.rss` is what the process has grown by, its slack and what is native with it.
 */
export const benchmarks: readonly Benchmark[] = [
  ...counts.map((count) => line(`session.memory.${count}`, count, 'held')),
  line('session.memory.1000.rss', 1000, 'resident'),
];

interface Held {
  /** KiB, of all sessions. */
  readonly held: number;
  readonly resident: number;
}

function line(name: string, count: number, what: keyof Held): Benchmark {
  return {
    name,
    run: async () => ({ value: ((await memory()).get(count)?.[what] ?? Number.NaN) / count, unit: 'KiB/session', goal, better: 'lower' }),
  };
}

let measured: Promise<ReadonlyMap<number, Held>> | undefined;

/** By what the gateway has grown, for each count. */
function memory(): Promise<ReadonlyMap<number, Held>> {
  measured ??= withGatewaySite({ devices: counts[2], mode: 'proxy', watchHeap: true }, async (site) => {
    const devices = site.proxied();
    // All of them first: what is held of a device that has been here is no session's.
    await inGroups(devices, (group) => warmUp(group));
    const before = await holds(site);
    const grown = new Map<number, Held>();
    for (const [at, count] of counts.entries()) {
      await inGroups(devices.slice(counts[at - 1] ?? 0, count), (group) => Promise.all(group.map((device) => device.open())));
      const now = await holds(site);
      grown.set(count, { held: now.held - before.held, resident: now.resident - before.resident });
    }
    for (const device of devices) device.leave();
    return grown;
  });
  return measured;
}

async function holds({ gateway, heap }: GatewaySite): Promise<Held> {
  return { held: (await heap?.read(gateway.pid)) ?? Number.NaN, resident: residentMemory(gateway.pid) };
}

async function inGroups(devices: readonly CannedDevice[], work: (group: readonly CannedDevice[]) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < devices.length; at += atOnce) await work(devices.slice(at, at + atOnce));
}
