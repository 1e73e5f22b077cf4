import { type MetricEntry, type MetricName, metricTable } from '#src/base/index.js';
import type { Generated } from '../generated.js';
import { metricProofs } from '../metric-proofs.js';

const head = `# Metrics

\`GET /metrics\` answers in Prometheus' text format on the control socket, and on \`health.port\` of the loopback address if configured. No value comes
from a peer: labels are the gateway's own words, and no device, account or address is named. What nobody scrapes costs nothing but the
counting. The table is made from [src/base/metrics.ts](../../src/base/metrics.ts) by \`npm run docs\`; counters begin at 0 with each start, and a
counter with labels shows a line once there is something to count. Each row names the test that sees it change.

| Name | Kind | Labels | What it is | Shown by |
|---|---|---|---|---|
`;

/** The page of all metrics, from their table. */
export async function generated(): Promise<Generated[]> {
  const rows = Object.entries<MetricEntry>(metricTable).map(
    ([name, { kind, labels, help }]) =>
      `| \`${name}\` | ${kind} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${help} | ${linkTo(metricProofs[name as MetricName])} |\n`,
  );
  return [{ path: 'docs/reference/metrics.md', content: head + rows.join('') }];
}

function linkTo(proof: string): string {
  const name = (proof.split('/').at(-1) ?? '').replace(/\.test\.ts$/, '').replaceAll('-', ' ');
  return `[${name}](../../test/${proof})`;
}
