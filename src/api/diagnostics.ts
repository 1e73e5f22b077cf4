import { cpus, freemem, release, totalmem } from 'node:os';
import {
  type CounterName,
  type Counters,
  type Entropy,
  type GaugeName,
  type MetricEntry,
  type MetricSample,
  metricTable,
} from '#src/base/index.js';
import type { DiagnosticsAnswer } from '#src/control/index.js';
import type { GaugeReadings } from './metrics-page.js';
import { Pseudonyms } from './pseudonyms.js';

/** What a gateway can tell of itself also without its database. */
export interface DiagnosticsSources {
  /** What is in force, with its secrets not shown. */
  readonly configuration: () => unknown;
  /** The last lines of the log, as JSON. */
  readonly recentLog: () => readonly string[];
  /** What the gateway goes by, in milliseconds since 1970, and why the system's clock is not believed. */
  readonly clock: () => { readonly own: number; readonly doubt?: string };
  readonly entropy: Entropy;
}

export type Told = Pick<DiagnosticsAnswer, 'status' | 'health' | 'readiness'>;
/** What needs the database. */
export type More = Pick<DiagnosticsAnswer, 'metrics' | 'connections' | 'accounts' | 'devices' | 'sessions' | 'queues' | 'database'>;
export type DevicesAre = DiagnosticsAnswer['devicesAre'];

/** How what names devices is found. */
export interface Masking {
  readonly isDevice: (word: string) => boolean;
  readonly nobodys: readonly string[];
}

/** Puts a bundle together, and masks what names devices unless they are to be shown. */
export function makeBundle(
  sources: DiagnosticsSources,
  told: Told,
  more: More,
  devicesAre: DevicesAre,
  masking: Masking,
): DiagnosticsAnswer {
  const { own, doubt } = sources.clock();
  const now = Date.now();
  const bundle = {
    madeAt: isoTime(now),
    devicesAre,
    ...told,
    machine: describeMachine(),
    clock: { system: isoTime(now), own: isoTime(own), ...(doubt === undefined ? {} : { doubt }) },
    configuration: sources.configuration(),
    ...more,
    log: sources.recentLog().flatMap(parsed),
  };
  return devicesAre === 'shown' ? bundle : masked(bundle, sources.entropy, masking);
}

/** Counters and gauges as they are now. */
export function metricsNow(counters: Counters, gauges: GaugeReadings): NonNullable<More['metrics']> {
  return Object.entries<MetricEntry>(metricTable).flatMap(([name, { kind }]) => {
    const samples: readonly MetricSample[] = kind === 'counter' ? counters.samples(name as CounterName) : gauges[name as GaugeName];
    return samples.map(({ labels, value }) => ({ name, labels: { ...labels }, value }));
  });
}

function masked(bundle: DiagnosticsAnswer, entropy: Entropy, { isDevice, nobodys }: Masking): DiagnosticsAnswer {
  const names = new Pseudonyms({ key: entropy.token(), isDevice, nobodys: new Set(['gateway', 'others', ...nobodys]) });
  learnConfigured(names, bundle.configuration);
  for (const { device } of [...(bundle.sessions?.open ?? []), ...(bundle.sessions?.ended ?? [])]) names.word(device);
  for (const { owner } of bundle.queues?.due ?? []) names.word(owner);
  const log = bundle.log.map((line) => names.maskLine(line));
  return names.mask({ ...bundle, log }) as DiagnosticsAnswer;
}

/** Devices of the configuration with all that they are called, and user names anywhere. */
function learnConfigured(names: Pseudonyms, value: unknown, isDevice = false): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner !== 'string') learnConfigured(names, inner, key === 'devices' || (isDevice && Array.isArray(value)));
    else if (isDevice && (key === 'id' || key === 'fromAddress')) names.word(inner);
    else if (key === 'userName' || (isDevice && key === 'name')) names.value(inner);
  }
}

function describeMachine(): DiagnosticsAnswer['machine'] {
  const { rss, heapUsed, heapTotal, external, arrayBuffers } = process.memoryUsage();
  return {
    node: process.version,
    platform: `${process.platform} ${release()} ${process.arch}`,
    processors: cpus().length,
    memory: { total: totalmem(), free: freemem() },
    process: { resident: rss, heapUsed, heapTotal, external, arrayBuffers },
  };
}

/** Our own lines are JSON; whatever is not is none of ours. */
function parsed(line: string): Record<string, unknown>[] {
  try {
    return [JSON.parse(line) as Record<string, unknown>];
  } catch {
    return [];
  }
}

function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
