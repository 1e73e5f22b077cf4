import { setTimeout as delay } from 'node:timers/promises';
import type { Benchmark } from './benchmark.js';
import { DeviceEar } from './device-ear.js';
import { type GatewaySite, withGatewaySite } from './gateway-site.js';
import { bytesWritten, exactProcessorTime } from './process-cost.js';
import { triggerDevice } from './trigger-device.js';

const devices = 50;
/** One poll an hour that finds nothing. */
const polls = 24;
const secondsOfDay = 86_400;
/** How long the gateway is watched while nothing happens, in seconds, and how long it may tidy up before. */
const watched = 30;
const settling = 5;

/**
 * What a day costs for each of fifty devices, everything over TLS with a handshake for each session and leg: an hourly poll that finds
 * nothing, a poll that brings a change of 4 KB, and a trigger: the server's datagram to the gateway, the gateway's to the device, the
 * session asked for, with 4 KB of commands. One after the other without the waits between them, and the rest of the day from
 * half a minute at rest, scaled.
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
  /** Bytes between gateway and server, both ways, per device: what is in the TCP streams (TLS and its handshakes with it) and datagrams. */
  readonly wan: number;
  /** Bytes that the kernel was made to write, in whole pages, per device. */
  readonly flash: number;
}

let day: Promise<Day> | undefined;

function dayOfFleet(): Promise<Day> {
  day ??= measured();
  return day;
}

async function measured(): Promise<Day> {
  const ears = await Promise.all(Array.from({ length: devices }, () => DeviceEar.open()));
  try {
    return await withGatewaySite({ devices, mode: 'proxy', tls: true, ears }, (site) => liveThrough(site, ears));
  } finally {
    for (const ear of ears) ear.close();
  }
}

async function liveThrough(site: GatewaySite, ears: readonly DeviceEar[]): Promise<Day> {
  const fleet = site.proxied();
  // Devices that are new, or changed, are told to the log and the database once: that is no day.
  for (const device of fleet) await device.session();
  const before = await tally(site);
  await site.tellServer('idle');
  for (let hour = 0; hour < polls; hour++) for (const device of fleet) await device.session();
  await site.tellServer('work');
  for (const device of fleet) await device.session();
  for (const [at, device] of fleet.entries()) await triggerDevice(site, device, { at, ear: ears[at] as DeviceEar });
  const after = await tally(site);
  if (after.asked - before.asked !== devices) throw new Error(`${after.asked - before.asked} of ${devices} triggers led to a session`);
  return {
    cpu: (after.cpu - before.cpu) / 1000 / devices,
    rest: (await restOfDay(site)) / devices,
    wan: (after.wan - before.wan) / devices,
    flash: (after.flash - before.flash) / devices,
  };
}

async function tally({ gateway, tellServer }: GatewaySite) {
  const { received, sent, asked } = JSON.parse(await tellServer('traffic')) as { received: number; sent: number; asked: number };
  return { cpu: exactProcessorTime(gateway.pid), wan: received + sent, flash: bytesWritten(gateway.pid), asked };
}

/** Seconds of processor time that a day at rest takes. */
async function restOfDay({ gateway }: GatewaySite): Promise<number> {
  await delay(settling * 1000);
  const before = exactProcessorTime(gateway.pid);
  await delay(watched * 1000);
  return ((exactProcessorTime(gateway.pid) - before) / 1000) * (secondsOfDay / watched);
}
