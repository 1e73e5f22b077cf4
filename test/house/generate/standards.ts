import { type ErrorEntry, errorTable } from '#src/base/index.js';
import { statusCodes } from '#src/dm/session/index.js';
import type { Generated } from '../generated.js';
import { type Reference, referencesInSources, standards } from '../standards.js';

const head = `# Where the standard stands

What a document fixes is written down once, in a table or a small file, and refers to its section. Made by \`npm run docs\` from the references in the
sources; the documents are listed in [test/house/standards.ts](../../test/house/standards.ts).

| To find | Read |
|---|---|
| the elements of a message: order, number, values, WBXML tokens | [elements.ts](../../src/dm/syncml/elements.ts), [code-pages.ts](../../src/dm/syncml/wbxml/code-pages.ts), [wbxml-tokens.ts](../../src/dm/syncml/wbxml/wbxml-tokens.ts) |
| alert codes, and the types of Generic Alerts | [leg.ts](../../src/dm/session/leg.ts), [alert-types.ts](../../src/dm/objects/alert-types.ts) |
| statuses | [status-codes.ts](../../src/dm/session/status-codes.ts), and [below](#statuses) |
| DevInfo, DevDetail, DMAcc and our own objects | [src/dm/objects](../../src/dm/objects/standard-objects.ts) |
| which commands a node takes, and what a serialised tree holds | [src/dm/tree](../../src/dm/tree/management-tree.ts) |
| the fields of Package#0 | [layout.ts](../../src/dm/notification/layout.ts) |
| packages, from the client's and the server's side | [client-machine.ts](../../src/dm/client/client-machine.ts), [server-machine.ts](../../src/dm/server/server-machine.ts) |
| what is met of the requirements | [each requirement](conformance.md) |
`;

/** docs/reference/standards.md: each section of each document, and the files that refer to it. */
export async function generated(): Promise<Generated[]> {
  const { references } = referencesInSources();
  const parts = standards.flatMap(({ name, title }) => {
    const own = references.filter(({ standard }) => standard === name);
    return own.length === 0 ? [] : [`## ${name}\n\n${title}.\n\n${table(own)}`];
  });
  return [{ path: 'docs/reference/standards.md', content: `${[head.trim(), statuses(), ...parts].join('\n\n')}\n` }];
}

/** Each status with the errors that become it. */
function statuses(): string {
  const entries = Object.entries<ErrorEntry>(errorTable);
  const rows = Object.entries(statusCodes).map(([code, meaning]) => {
    const errors = entries.filter(([, { status }]) => String(status) === code).map(([name]) => `\`${name}\``);
    return `| ${code} | ${meaning} | ${errors.join(', ')} |`;
  });
  return ['## Statuses', '', '| Status | What it says | [Errors](errors.md) that become it |', '|---|---|---|', ...rows].join('\n');
}

function table(references: readonly Reference[]): string {
  const sections = [...new Set(references.map(({ section }) => section))].toSorted(bySection);
  const rows = sections.map((section) => {
    const files = references.filter((one) => one.section === section).map(({ file }) => file);
    return `| ${section === '' ? 'all of it' : section} | ${[...new Set(files)].toSorted().map(link).join(', ')} |`;
  });
  return ['| § | Where |', '|---|---|', ...rows].join('\n');
}

function link(file: string): string {
  return `[${file.replace(/^src\//, '')}](../../${file})`;
}

function bySection(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
