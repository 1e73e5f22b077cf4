import { type MetricEntry, metricTable } from '#src/base/index.js';
import type { Generated } from '../generated.js';

const head = `# Metrics

\`GET /metrics\` answers in Prometheus' text format on the control socket, and on \`health.port\` of the loopback address if configured. No value comes
from a peer: labels are the gateway's own words, and no device, account or address is named. What nobody scrapes costs nothing but the
counting. The table is made from [src/base/metrics.ts](../../src/base/metrics.ts) by \`npm run docs\`; counters begin at 0 with each start, and a
counter with labels shows a line once there is something to count.

| Name | Kind | Labels | What it is |
|---|---|---|---|
`;

/** The page of all metrics, from their table. */
export async function generated(): Promise<Generated[]> {
  const rows = Object.entries<MetricEntry>(metricTable).map(
    ([name, { kind, labels, help }]) => `| \`${name}\` | ${kind} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${help} |\n`,
  );
  return [{ path: 'docs/reference/metrics.md', content: head + rows.join('') }];
}
