import { type GatewayGaugesParts, gatewayGauges, MetricsPage, metricsNow } from '#src/api/index.js';
import type { Counters } from '#src/base/index.js';
import { LoopDelay } from './loop-delay.js';

export interface MetricsParts extends Omit<GatewayGaugesParts, 'loopDelay'> {
  readonly counters: Counters;
}

export interface OpenMetrics {
  readonly page: MetricsPage;
  readonly read: () => ReturnType<typeof metricsNow>;
  stop(): void;
}

/** What `GET /metrics` answers, and the same for a bundle. @returns how to stop what it measures with */
export function openMetrics({ counters, ...parts }: MetricsParts): OpenMetrics {
  const delay = new LoopDelay();
  const gauges = () => gatewayGauges({ ...parts, loopDelay: () => delay.read() });
  return { page: new MetricsPage({ counters, gauges }), read: () => metricsNow(counters, gauges()), stop: () => delay.stop() };
}
