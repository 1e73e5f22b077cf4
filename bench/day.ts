import { setTimeout as delay } from 'node:timers/promises';
import type { Benchmark } from './benchmark.js';
import type { CannedDevice } from './canned-device.js';
import { type GatewaySite, withGatewaySite } from './gateway-site.js';
import { bytesWritten, processorTime } from './process-cost.js';

const devices = 50;
/** One poll an hour that finds nothing. */
const polls = 24;
/** One session because of a change, and one as a trigger would cause it; both bring 4 KB of commands. */
const withWork = 2;
const secondsOfDay = 86_400;
/** How long the gateway is watched while nothing happens, in seconds. */
const watched = 10;

/**
 * What a day costs for each of fifty devices: the day's sessions one after the other without the waits between them, and the
 * rest of the day from ten seconds at rest, scaled. The trigger's own datagram is not sent.
 */
export const benchmarks: readonly Benchmark[] = [
  { name: 'day.cpu', run: async () => ({ value: (await dayOfFleet()).cpu, unit: 's/device' }) },
  { name: 'day.cpu.rest', run: async () => ({ value: (await dayOfFleet()).rest, unit: 's/device' }) },
  { name: 'day.wan', run: async () => ({ value: (await dayOfFleet()).wan / 1024, unit: 'KiB/device' }) },
  { name: 'day.flash', run: async () => ({ value: (await dayOfFleet()).flash / 1024, unit: 'KiB/device' }) },
];

interface Day {
  /** Seconds of processor time per device: for its sessions, and its share of a gateway at rest. */
  readonly cpu: number;
  readonly rest: number;
  /** Bytes of HTTP between gateway and server, both ways, per device. */
  readonly wan: number;
  /** Bytes that the kernel was made to write, in whole pages, per device. */
  readonly flash: number;
}

let day: Promise<Day> | undefined;

function dayOfFleet(): Promise<Day> {
  day ??= withGatewaySite({ devices, mode: 'proxy' }, async (site) => {
    const fleet = site.proxied();
    for (const device of fleet) await device.session();
    const before = await tally(site);
    await sessions(site, fleet, 'idle', polls);
    await sessions(site, fleet, 'work', withWork);
    const after = await tally(site);
    return {
      cpu: (after.cpu - before.cpu) / 1000 / devices,
      rest: (await restOfDay(site)) / devices,
      wan: (after.wan - before.wan) / devices,
      flash: (after.flash - before.flash) / devices,
    };
  });
  return day;
}

async function sessions(site: GatewaySite, fleet: readonly CannedDevice[], what: 'idle' | 'work', each: number): Promise<void> {
  await fetch(`http://127.0.0.1:${site.server.port}/${what}`, { method: 'POST' });
  for (let round = 0; round < each; round++) for (const device of fleet) await device.session();
}

async function tally({ gateway, server }: GatewaySite) {
  const traffic = (await (await fetch(`http://127.0.0.1:${server.port}/traffic`)).json()) as { received: number; sent: number };
  return { cpu: processorTime(gateway.pid), wan: traffic.received + traffic.sent, flash: bytesWritten(gateway.pid) };
}

/** Seconds of processor time that a day at rest takes. */
async function restOfDay({ gateway }: GatewaySite): Promise<number> {
  const before = processorTime(gateway.pid);
  await delay(watched * 1000);
  return ((processorTime(gateway.pid) - before) / 1000) * (secondsOfDay / watched);
}
