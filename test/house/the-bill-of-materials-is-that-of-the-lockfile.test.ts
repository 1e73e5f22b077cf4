import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { readProductionTree } from './lockfile.js';

const bill = z.looseObject({
  bomFormat: z.literal('CycloneDX'),
  components: z.array(
    z.looseObject({
      purl: z.string(),
      hashes: z.array(z.looseObject({ alg: z.literal('SHA-512'), content: z.string() })),
    }),
  ),
});

it('names every shipped package with its version and its hash', async () => {
  const { components } = bill.parse(JSON.parse(await readFile(new URL('../../docs/reference/sbom.cdx.json', import.meta.url), 'utf8')));
  const shipped = (await readProductionTree()).map(({ name, version, integrity }) => `pkg:npm/${name}@${version} ${integrity}`);
  expect(shipped.length).toBeGreaterThan(50);
  const named = components.map(({ purl, hashes }) => {
    const digests = hashes.map(({ content }) => `sha512-${Buffer.from(content, 'hex').toString('base64')}`);
    return `${decodeURIComponent(purl)} ${digests.join(' ')}`;
  });
  expect([...new Set(named)].sort(), 'npm run sbom').toEqual([...new Set(shipped)].sort());
});
