import { type LogFieldEntry, logFieldTable } from '#src/base/index.js';
import type { Generated } from '../generated.js';
import { type LogCall, logCalls } from '../log-calls.js';

const head = `# The log

A JSON object per line on standard error, readable text where a person looks at it (\`log.format\`). Each line has \`level\` (20 debug, 30 info, 40 warn, 50
error; \`log.level\` says from which on), \`time\` (milliseconds since 1970) and \`msg\`, the sentence. What else it has, has its name from the first
table. Secrets are taken out before a line is written. Both tables are made by \`npm run docs\`: the fields from
[src/base/log-fields.ts](../../src/base/log-fields.ts), the lines from the calls in the sources.

## Fields

A field that is *personal* names somebody's device, or where it is; [a diagnostics bundle](../operate/when-something-is-wrong.md#a-bundle-for-whoever-helps) masks it.

| Field | Kind | What it is | Example | Personal |
|---|---|---|---|---|
`;

const lines = `
## Lines

\`…\` stands for what is filled in. Those with *once a minute* are told once a minute for each reason and source; at the end of it comes one
line with the same sentence and \`reason\`, \`source\` and \`suppressed\`.

| Level | Sentence | Fields | |
|---|---|---|---|
`;

/** The page of the log's fields, from their table, and of its lines, from the calls. */
export async function generated(): Promise<Generated[]> {
  const fields = Object.entries<LogFieldEntry>(logFieldTable).map(
    ([name, { kind, unit, help, example, personal }]) =>
      `| \`${name}\` | ${unit ?? kind} | ${inCell(help)} | \`${inCell(example)}\` | ${personal ? 'yes' : ''} |\n`,
  );
  return [{ path: 'docs/reference/log.md', content: head + fields.join('') + lines + lineRows().join('') }];
}

/** Several calls can say the same: one row. */
function lineRows(): string[] {
  const rows = logCalls().flatMap((call) => call.sentences.map((sentence) => row(call, sentence)));
  return [...new Set(rows)].sort();
}

function row({ level, fields, limited }: LogCall, sentence: string): string {
  const shown = fields.map((field) => `\`${field}\``).join(', ');
  return `| ${level} | ${inCell(sentence)} | ${shown} | ${limited ? 'once a minute' : ''} |\n`;
}

function inCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
