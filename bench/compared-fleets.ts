import { type Measurement, median } from './benchmark.js';
import type { CannedDevice } from './canned-device.js';
import type { GatewaySite } from './gateway-site.js';
import { bytesWritten, processorTime } from './process-cost.js';
import { type Load, runSessions, warmInTurns } from './session-load.js';

export const rounds = 7;
export const sessionsPerRound = 320;
/** Sessions of each device before anything is timed: V8 goes on compiling for some five thousand, and a gateway runs for months. */
export const warming = 150;

/** What the fleets took, ours against theirs. */
export interface ComparedFleets {
  readonly rate: Measurement;
  /** Of the process in the middle alone. */
  readonly cpu: Measurement;
  /** Milliseconds of each of our sessions, sorted. */
  readonly times: readonly number[];
  /** Bytes that the gateway has written since it had written so many. */
  written(from: number): number;
}

/** Both in turns in one run, the one that begins changing. @param warm called when both are warm */
export async function compareFleets(
  site: GatewaySite,
  ours: readonly CannedDevice[],
  theirs: readonly CannedDevice[],
  warm = () => {},
): Promise<ComparedFleets> {
  await warmInTurns([ours, theirs], warming);
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
