import type { CounterName, MetricLabels, MetricSample } from './metrics.js';

/** Combinations of labels that one counter keeps; beyond them nothing new is kept. They are ours, so this only bounds a mistake. */
const mostSamples = 256;

/** What the rooms count for `GET /metrics`; one for each program. Nothing is written, sent or allocated beyond the numbers. */
export class Counters {
  readonly #counts = new Map<CounterName, Map<string, { readonly labels: Readonly<Record<string, string>>; value: number }>>();

  /** Counts one more, or so many. */
  add<Name extends CounterName>(name: Name, labels: MetricLabels<Name>, more = 1): void {
    const samples = this.#counts.get(name) ?? new Map();
    this.#counts.set(name, samples);
    const key = Object.values(labels).join('\n');
    const sample = samples.get(key);
    if (sample !== undefined) sample.value += more;
    else if (samples.size < mostSamples) samples.set(key, { labels, value: more });
  }

  samples(name: CounterName): MetricSample[] {
    return [...(this.#counts.get(name)?.values() ?? [])].map(({ labels, value }) => ({ labels, value }));
  }
}
