import { describe, gatewayJsonSchema, gatewayKeys, type KeyDescription, smallServerKeys } from '#src/config/index.js';
import type { Generated } from '../generated.js';

/** The commented example, the JSON Schema and the reference page of the configuration. */
export async function generated(): Promise<Generated[]> {
  return [
    { path: 'config/postern.example.yaml', content: exampleFile() },
    { path: 'config/postern.schema.json', content: `${JSON.stringify(gatewayJsonSchema(), undefined, 2)}\n` },
    { path: 'docs/reference/configuration.md', content: referencePage() },
  ];
}

const exampleHead = `## The configuration of a Postern gateway. Every key is optional; what stands here are the defaults, and examples where there is none.
## Take the # away from a key and from the section it is in. A line with ## explains.
## Times are written as 500ms, 30s, 5m, 2h or 7d; sizes as 64KiB, 1MiB or as a number of bytes.
## Secrets are { file: path }, { env: NAME } or { value: "…" }; files and paths are relative to the folder of this file.
## To check it: postern config check FILE. postern.schema.json beside it is for editors.
`;

function exampleFile(): string {
  const rows = describe(gatewayKeys());
  return exampleHead + rows.map((row, index) => exampleRow(row, isFirstOfEntry(rows, index))).join('');
}

function exampleRow(row: KeyDescription, first: boolean): string {
  const indent = '  '.repeat(depthOf(row.key));
  const facts = row.level === 'value' ? ` ${factsOf(row)}` : '';
  const lead = first ? `${indent.slice(2)}- ` : indent;
  const gap = row.key.includes('.') ? '' : '\n';
  return `${gap}##${indent} ${row.description}${facts}\n#${lead}${nameOf(row)}:${valueText(row)}\n`;
}

function factsOf(row: KeyDescription): string {
  const allowed = `Allowed: ${row.allowed}.`;
  if (row.required) return `Required. ${allowed}`;
  return row.default === undefined ? `No default. ${allowed}` : `Default: ${inFlow(row.default)}. ${allowed}`;
}

function valueText(row: KeyDescription): string {
  return row.level === 'value' ? ` ${inFlow(row.example ?? row.default)}` : '';
}

/** Entries of a list stand one level deeper, behind their dash. */
function depthOf(key: string): number {
  return key.split('.').length - 1 + (key.match(/\[\]/g)?.length ?? 0);
}

function isFirstOfEntry(rows: readonly KeyDescription[], index: number): boolean {
  const previous = rows[index - 1];
  return previous?.level === 'list' && rows[index]?.key.startsWith(`${previous.key}[].`) === true;
}

function nameOf(row: KeyDescription): string {
  return row.key.split('.').at(-1) ?? row.key;
}

/** A value as YAML on one line. */
function inFlow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inFlow).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{ ${Object.entries(value)
      .map(([key, inner]) => `${key}: ${inFlow(inner)}`)
      .join(', ')} }`;
  }
  return typeof value === 'string' && !/^[A-Za-z0-9][\w./:-]*$/.test(value) ? JSON.stringify(value) : String(value);
}

function referencePage(): string {
  return `# Configuration

<!-- Generated from src/config by npm run docs; do not edit. -->

One YAML file for each program; every key is optional, and without a file all of them have their defaults. Nothing reads a file
again while a program runs: a change needs a restart where the table says so.
[\`config/postern.example.yaml\`](../../config/postern.example.yaml) has every key with its default, commented out, and
[\`config/postern.schema.json\`](../../config/postern.schema.json) tells an editor what may stand where. \`postern config check\` finds
every mistake at once, each with its line and what is allowed, and warns of what is allowed and better otherwise;
\`postern config show\` prints what is in force.

* **Times** are written as \`500ms\`, \`30s\`, \`5m\`, \`2h\` or \`7d\`.
* **Sizes** are written as \`64KiB\`, \`1MiB\` or as a number of bytes.
* **Secrets** are \`{ file: path }\`, \`{ env: NAME }\` or \`{ value: "…" }\`; a text alone is taken as \`value\`. One line end after the secret in
  a file is dropped. A file that everybody on the machine can read is refused; \`chmod 600\` it, or \`640\` with a group of its own.
* **Paths** that are relative begin at the folder of the configuration file.
* A file has at most 1 MiB. Keys that stand twice are refused, and so are aliases that stand for more than 100 values.

## The gateway

${tableOf(describe(gatewayKeys()))}
## The small DM server

${tableOf(describe(smallServerKeys()))}`;
}

function tableOf(rows: readonly KeyDescription[]): string {
  const head = '| Key | Type | Default | Unit | Restart | Description |\n|---|---|---|---|---|---|\n';
  return head + rows.map(tableRow).join('');
}

function tableRow(row: KeyDescription): string {
  if (row.level === 'section') return `| **\`${row.key}\`** | section | | | | ${inCell(row.description)} |\n`;
  const restart = row.restart ? 'yes' : 'no';
  const allowed = row.level === 'value' ? ` Allowed: ${row.allowed}.` : ` ${sentence(row.allowed)}.`;
  return `| \`${row.key}\` | ${inCell(row.type)} | ${defaultCell(row)} | ${row.unit} | ${restart} | ${inCell(row.description + allowed)} |\n`;
}

function defaultCell(row: KeyDescription): string {
  if (row.required) return '*required*';
  return row.default === undefined ? '' : `\`${inFlow(row.default)}\``;
}

function sentence(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function inCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('*', '\\*');
}
