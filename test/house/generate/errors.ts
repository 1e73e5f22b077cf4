import { type ErrorEntry, errorTable } from '#src/base/index.js';

const path = 'docs/reference/errors.md';

const head = `# Errors

Every error that Postern reports, by its code. \`{name}\` stands for a detail of the case. A status is the SyncML status that a
DM server or device gets for it; an error without one is for the operator. The table is made from
[src/base/errors.ts](../../src/base/errors.ts) by \`npm run docs\`.

| Code | What it says | Status |
|---|---|---|
`;

/** The page of all errors, from their table. */
export async function generated(): Promise<{ path: string; content: string }[]> {
  const rows = Object.entries<ErrorEntry>(errorTable).map(
    ([code, { text, status }]) => `| \`${code}\` | ${cell(text)} | ${status ?? ''} |`,
  );
  return [{ path, content: `${head}${rows.join('\n')}\n` }];
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ').replaceAll('<', '&lt;');
}
