import { setTimeout as pause } from 'node:timers/promises';
import type { Benchmark } from './benchmark.js';
import type { CannedDevice } from './canned-device.js';
import { withGatewaySite } from './gateway-site.js';
import { residentMemory } from './process-cost.js';
import { warmUp } from './session-load.js';

/** Sessions open at once, one count after the other in one gateway. */
const counts = [50, 200, 1000] as const;
/** KiB: with 100 devices in session a gateway that is allowed 90 MiB at rest stays within 128 MiB. */
const goal = 389;
const atOnce = 32;
/** Milliseconds until what an answer leaves behind has been collected, where it is. */
const settling = 1_000;

/** What an open session costs: package 1 is answered, package 3 does not come. */
export const benchmarks: readonly Benchmark[] = counts.map((count) => ({
  name: `session.memory.${count}`,
  run: async () => ({ value: (await memory()).get(count) ?? Number.NaN, unit: 'KiB/session', goal, better: 'lower' as const }),
}));

let measured: Promise<ReadonlyMap<number, number>> | undefined;

/** KiB by which the process has grown, per session, for each count. */
function memory(): Promise<ReadonlyMap<number, number>> {
  measured ??= withGatewaySite({ devices: counts[2], mode: 'proxy' }, async ({ gateway, proxied }) => {
    const devices = proxied();
    // Twice all of them first: what the heap grows by once is no session's.
    await inGroups(devices, (group) => warmUp(group, 2));
    await pause(settling);
    const before = residentMemory(gateway.pid);
    const grown = new Map<number, number>();
    for (const [at, count] of counts.entries()) {
      await inGroups(devices.slice(counts[at - 1] ?? 0, count), (group) => Promise.all(group.map((device) => device.open())));
      await pause(settling);
      grown.set(count, (residentMemory(gateway.pid) - before) / count);
    }
    for (const device of devices) device.leave();
    return grown;
  });
  return measured;
}

async function inGroups(devices: readonly CannedDevice[], work: (group: readonly CannedDevice[]) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < devices.length; at += atOnce) await work(devices.slice(at, at + atOnce));
}
