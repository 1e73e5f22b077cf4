import type { CannedDevice } from './canned-device.js';

/** What a number of sessions took. */
export interface Load {
  readonly perSecond: number;
  /** Milliseconds of each session, sorted. */
  readonly times: readonly number[];
}

const roundsInTurn = 10;
/** What a session of the benchmarks takes: package 1 and package 3. */
const messagesOfSession = 2;

/**
 * So many sessions, all devices at once and each one session after the other.
 * @throws Error when one takes other than two messages
 */
export function runSessions(devices: readonly CannedDevice[], sessions: number): Promise<Load> {
  let left = sessions;
  return runWhile(devices, () => left-- > 0);
}

/** As {@link runSessions}, for so many seconds. */
export function runFor(devices: readonly CannedDevice[], seconds: number): Promise<Load> {
  const end = performance.now() + seconds * 1000;
  return runWhile(devices, () => performance.now() < end);
}

async function runWhile(devices: readonly CannedDevice[], goesOn: () => boolean): Promise<Load> {
  const times: number[] = [];
  const start = performance.now();
  const work = async (device: CannedDevice) => {
    while (goesOn()) {
      const began = performance.now();
      const messages = await device.session();
      if (messages !== messagesOfSession) throw new Error(`a session took ${messages} messages`);
      times.push(performance.now() - began);
    }
  };
  await Promise.all(devices.map(work));
  return { perSecond: (times.length / (performance.now() - start)) * 1000, times: times.sort((a, b) => a - b) };
}

/** One session of each, so that all have nonces: these may be challenged. */
export async function warmUp(devices: readonly CannedDevice[], rounds = 1): Promise<void> {
  for (let round = 0; round < rounds; round++) await Promise.all(devices.map((device) => device.session()));
}

/** Fleets warmed in turns, so that none stands still, and cools, while another is warmed. */
export async function warmInTurns(fleets: readonly (readonly CannedDevice[])[], rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round += roundsInTurn) for (const devices of fleets) await warmUp(devices, roundsInTurn);
}

/** @param share of all, such as 0.99 */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
