import type { Generated } from '../generated.js';
import { readProductionTree } from '../lockfile.js';
import { floors } from '../shipped-packages.js';

const head = `# What is shipped, and under which licence

Made by \`npm run docs\` from the lockfile: every package of the production tree. The same for programs, with the hash of each: the [bill of materials](sbom.cdx.json)
(CycloneDX, \`npm run sbom\`). Which versions and licences may ship is [one table](../../test/house/shipped-packages.ts), and [a test](../../test/house/dependency-floors.test.ts)
holds the lockfile to it.
`;

/** docs/reference/packages.md */
export async function generated(): Promise<Generated[]> {
  const shipped = await readProductionTree();
  const names = [...new Set(shipped.map(({ license }) => license))].toSorted();
  const rows = names.map((license) => `| ${license} | ${named(shipped.filter((one) => one.license === license))} |`);
  const kept = Object.entries(floors).map(
    ([name, { floor, below, why }]) => `| ${name} | ${floor}${below === undefined ? '' : `, below ${below}`} | ${why} |`,
  );
  const parts = [
    head.trim(),
    ['## Licences', '', '| Licence | Packages |', '|---|---|', ...rows].join('\n'),
    ['## Versions that may ship', '', '| Package | From | Why |', '|---|---|---|', ...kept].join('\n'),
  ];
  return [{ path: 'docs/reference/packages.md', content: `${parts.join('\n\n')}\n` }];
}

function named(packages: readonly { readonly name: string; readonly version: string }[]): string {
  return [...new Set(packages.map(({ name, version }) => `${name} ${version}`))].toSorted().join(', ');
}
