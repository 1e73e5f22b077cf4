import type { Counter, Gauge, Registry } from 'prom-client';
import { type Counters, type GaugeName, type MetricEntry, type MetricName, type MetricSample, metricTable } from '#src/base/index.js';

/** What each gauge is now. */
export type GaugeReadings = Readonly<Record<GaugeName, readonly MetricSample[]>>;

export interface MetricsPageParts {
  readonly counters: Counters;
  /** Asked at each scrape. */
  readonly gauges: () => GaugeReadings;
}

interface Instruments {
  readonly registry: Registry;
  readonly counters: ReadonlyMap<MetricName, Counter>;
  readonly gauges: ReadonlyMap<MetricName, Gauge>;
}

/** All metrics of the table in Prometheus' text format. A gateway that nobody scrapes does without the library. */
export class MetricsPage {
  readonly #parts: MetricsPageParts;
  #instruments: Promise<Instruments> | undefined;

  constructor(parts: MetricsPageParts) {
    this.#parts = parts;
  }

  /** @see https://prometheus.io/docs/instrumenting/exposition_formats/ */
  async read(): Promise<{ readonly contentType: string; readonly text: string }> {
    this.#instruments ??= makeInstruments();
    const instruments = await this.#instruments;
    this.#fill(instruments);
    return { contentType: instruments.registry.contentType, text: await instruments.registry.metrics() };
  }

  #fill(instruments: Instruments): void {
    const { counters, gauges } = this.#parts;
    const readings = gauges();
    for (const [name, counter] of instruments.counters) {
      counter.reset();
      for (const { labels, value } of counters.samples(name as Parameters<Counters['samples']>[0])) counter.inc(labels, value);
    }
    for (const [name, gauge] of instruments.gauges) {
      gauge.reset();
      for (const { labels, value } of readings[name as GaugeName]) gauge.set(labels, value);
    }
  }
}

/** In a registry of their own, without the library's default metrics: those keep timers. */
async function makeInstruments(): Promise<Instruments> {
  const { Counter, Gauge, Registry } = await import('prom-client');
  const registry = new Registry();
  const made = <T>(kind: MetricEntry['kind'], make: (name: MetricName, entry: MetricEntry) => T) =>
    new Map(entries.filter(([, entry]) => entry.kind === kind).map(([name, entry]) => [name, make(name, entry)]));
  const settings = (name: MetricName, { help, labels }: MetricEntry) => ({ name, help, labelNames: [...labels], registers: [registry] });
  return {
    registry,
    counters: made('counter', (name, entry) => new Counter(settings(name, entry))),
    gauges: made('gauge', (name, entry) => new Gauge(settings(name, entry))),
  };
}

const entries = Object.entries<MetricEntry>(metricTable) as [MetricName, MetricEntry][];
