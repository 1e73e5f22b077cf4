import { type ErrorEntry, errorTable } from '#src/base/index.js';

const path = 'docs/reference/errors.md';

const head = `# Errors

Every error that Postern reports, by its code. \`{name}\` stands for a detail of the case. A status is the SyncML status that a
DM server or device gets for it; an error without one is for the operator. The table is made from
[src/base/errors.ts](../../src/base/errors.ts) by \`npm run docs\`.
`;

/** What the first word of a code is about, as the heading of its part. */
const parts: Readonly<Record<string, string>> = {
  syncml: 'A message, in XML or WBXML',
  notification: 'A trigger (Package#0)',
  config: 'The configuration',
  control: 'The control interface, and verbs that ask it',
  cli: 'The command line',
  wire: 'Connections',
  discovery: 'Discovery',
  security: 'Secrets, certificates and the files they lie in',
  store: 'The database',
  tree: 'The management tree',
  objects: 'Management objects',
  demo: 'The demo',
  device: 'The virtual device',
};

/** The page of all errors, from their table. */
export async function generated(): Promise<{ path: string; content: string }[]> {
  const rows = Object.entries<ErrorEntry>(errorTable);
  const first = (code: string) => code.slice(0, code.indexOf('.'));
  const nameless = rows.find(([code]) => !Object.hasOwn(parts, first(code)));
  if (nameless !== undefined) throw new Error(`${nameless[0]} has no part in test/house/generate/errors.ts`);
  const sections = Object.entries(parts).map(([name, title]) =>
    section(
      title,
      rows.filter(([code]) => first(code) === name),
    ),
  );
  return [{ path, content: `${[head, ...sections].join('\n')}` }];
}

function section(title: string, rows: readonly (readonly [string, ErrorEntry])[]): string {
  const lines = rows.map(([code, { text, status }]) => `| \`${code}\` | ${cell(text)} | ${status ?? ''} |`);
  return `## ${title}\n\n| Code | What it says | Status |\n|---|---|---|\n${lines.join('\n')}\n`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ').replaceAll('<', '&lt;');
}
