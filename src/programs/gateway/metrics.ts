import { type GatewayGaugesParts, gatewayGauges, MetricsPage } from '#src/api/index.js';
import type { Counters } from '#src/base/index.js';
import { LoopDelay } from './loop-delay.js';

export interface MetricsParts extends Omit<GatewayGaugesParts, 'loopDelay'> {
  readonly counters: Counters;
}

/** What `GET /metrics` answers. @returns how to stop what it measures with */
export function openMetrics({ counters, ...parts }: MetricsParts): { readonly page: MetricsPage; stop(): void } {
  const delay = new LoopDelay();
  const gauges = () => gatewayGauges({ ...parts, loopDelay: () => delay.read() });
  return { page: new MetricsPage({ counters, gauges }), stop: () => delay.stop() };
}
