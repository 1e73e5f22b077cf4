import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { readProductionTree } from './lockfile.js';

/**
 * Writes the bill of materials (CycloneDX) of what is shipped: npm's own, of the lockfile, without what is there for development
 * only. (npm's `--omit=dev` also leaves out what both need.) What would differ from one run to the next is left out, so that a
 * changed file is a changed tree.
 */
interface Bill {
  readonly components: readonly { readonly 'bom-ref': string }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
  readonly metadata: { readonly component: object & { readonly 'bom-ref': string } };
  readonly serialNumber: string;
}

const file = new URL('../../docs/reference/sbom.cdx.json', import.meta.url);
const { serialNumber: _, metadata, ...bill } = await npmBill();
const own = metadata.component['bom-ref'];
const shipped = new Set([own, ...(await readProductionTree()).map(({ name, version }) => `${name}@${version}`)]);
const kept = {
  ...bill,
  metadata: { component: { ...metadata.component, name: 'postern' } },
  components: bill.components.filter((one) => shipped.has(one['bom-ref'])),
  dependencies: bill.dependencies
    .filter(({ ref }) => shipped.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => shipped.has(other)) })),
};
await writeFile(file, `${JSON.stringify(kept, null, 2)}\n`);
await promisify(execFile)('npx', ['biome', 'format', '--write', file.pathname]);
process.stdout.write(`docs/reference/sbom.cdx.json: ${kept.components.length} packages\n`);

async function npmBill(): Promise<Bill> {
  const { stdout } = await promisify(execFile)(
    'npm',
    ['sbom', '--package-lock-only', '--sbom-format=cyclonedx', '--sbom-type=application'],
    { cwd: new URL('../..', import.meta.url), maxBuffer: 64 * 1024 * 1024 },
  );
  return JSON.parse(stdout);
}
