import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const probe = fileURLToPath(new URL('hostile-input-probe.ts', import.meta.url));
// Garbage is collected often: what is measured is what has to be held at once.
const args = ['--max-old-space-size=96', '--max-semi-space-size=1', '--expose-gc', '--conditions=postern-source', '--import', 'tsx', probe];

interface Cost {
  readonly name: string;
  readonly code: string;
  readonly amplification: number;
}

test('each is refused or read within a heap of 96 MiB', () => {
  const costs = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Cost[];
  for (const { name, amplification } of costs) expect(amplification, name).toBeLessThanOrEqual(20);
  const codes = Object.fromEntries(costs.map(({ name, code }) => [name, code]));
  expect(codes).toMatchObject({
    'billion laughs': 'syncml.forbidden-markup',
    'numeric references': 'none',
    'a million numeric references': 'syncml.too-large',
    'a hundred thousand levels': 'syncml.too-deep',
    'a million attributes': 'syncml.too-large',
    'as many attributes as fit': 'syncml.too-many-attributes',
    'UTF-16 with its mark': 'syncml.encoding',
    'overlong UTF-8': 'syncml.encoding',
    'WBXML: references into the table': 'syncml.text-too-long',
  });
}, 60_000);
