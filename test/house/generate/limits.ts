import { describe, gatewayKeys, type KeyDescription } from '#src/config/index.js';
import type { Generated } from '../generated.js';
import type { Limit } from '../limits/limit.js';
import { limitParts } from '../limits-table.js';

const head = `# Limits

Each limit that somebody outside can meet: a device, a DM server, a neighbour on the network. Those with a key stand in the
[configuration](configuration.md). The metric counts those who met it; — where it turns nobody away. Times and memory under floods are measured by
\`npm run bench -- limits\` ([figures](../understand/performance.md)). Each row names the
test that shows it. The tables are made from [test/house/limits](../../test/house/limits/limit.ts) by \`npm run docs\`.
`;

const columns = '| Limit | Default | Range | What happens at it | Metric | Shown by |\n|---|---|---|---|---|---|\n';

/** The page of all limits, from their tables and the configuration's schema. */
export async function generated(): Promise<Generated[]> {
  const keys = new Map(describe(gatewayKeys()).map((key) => [key.key, key]));
  return [{ path: 'docs/reference/limits.md', content: head + limitParts.map((part) => section(part, keys)).join('') }];
}

function section({ title, limits }: (typeof limitParts)[number], keys: ReadonlyMap<string, KeyDescription>): string {
  return `\n## ${title}\n\n${columns}${limits.map((limit) => row(limit, keys.get(limit.of))).join('')}`;
}

function row({ of, fixed, effect, metric, met, proof }: Limit, key: KeyDescription | undefined): string {
  const name = key === undefined ? of : `\`${of}\``;
  const value = key === undefined ? fixed : `${key.default}${plainUnit(key)}`;
  const range = key === undefined ? 'fixed' : rangeOf(key);
  const counted = metric === undefined ? countedAs(met) : `\`${metric}\``;
  return `| ${name} | ${value} | ${range} | ${effect} | ${counted} | [${nameOf(proof)}](../../test/${proof}) |\n`;
}

function countedAs(met: Limit['met']): string {
  return met === undefined ? '—' : `\`postern_limits_met_total{limit="${met}"}\``;
}

function plainUnit({ unit }: KeyDescription): string {
  return unit === 'time' || unit === 'bytes' ? '' : ` ${unit}`;
}

function rangeOf({ allowed }: KeyDescription): string {
  return allowed.replace(/^an? .*?from /, '').replace(/, written as.*$/, '');
}

function nameOf(proof: string): string {
  return (proof.split('/').at(-1) ?? '').replace(/\.test\.ts$/, '').replaceAll('-', ' ');
}
