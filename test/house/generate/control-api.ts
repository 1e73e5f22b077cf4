import { z } from 'zod';
import { type ErrorCode, errorTable, PosternError } from '#src/base/index.js';
import {
  controlOperations,
  httpStatusOf,
  maxBodyBytes,
  type Operation,
  type Operations,
  smallServerOperations,
} from '#src/control/index.js';
import type { Generated } from '../generated.js';

/** docs/reference/control-api.md: both contracts, from the tables that serve them. */
export async function generated(): Promise<Generated[]> {
  const named = new Map<string, Schema>();
  const gateway = contractText('The gateway', '`control.sock` in its state folder', controlOperations, named);
  const server = contractText('The small DM server', '`server.sock` in its state folder', smallServerOperations, named);
  const forms = [...named].map(([name, schema]) => `### ${name}\n\n${fieldTable(schema, named)}`);
  const content = [opening, errorText(), gateway, server, '## Forms', ...forms].join('\n\n');
  return [{ path: 'docs/reference/control-api.md', content: `${content}\n` }];
}

type Schema = z.core.JSONSchema.JSONSchema;

const opening = `# The control interface

Made from the contract in \`src/control\` (\`npm run docs\`). HTTP with JSON on a Unix socket that only its owner may open (0600);
\`postern\` on the command line is one caller:

\`\`\`sh
curl --unix-socket ~/.local/state/postern/control.sock http://localhost/v1/devices
\`\`\`

A request has at most ${maxBodyBytes / 1024} KiB, an id at most 128 characters. Unknown fields are refused in a request; in an answer expect more of them.
Passwords go in and never come out, except in the \`dmAcc\` of a device that was just added.`;

function errorText(): string {
  const codes = Object.keys(errorTable).filter((code): code is ErrorCode => code.startsWith('control.'));
  const served = codes.filter((code) => httpStatusOf(new PosternError(code)) !== 500 || code === 'control.internal');
  const rows = served.map((code) => [String(httpStatusOf(new PosternError(code))), `\`${code}\``, errorTable[code].text]);
  return `## What is refused

The answer is \`{ "error": { "code", "message", "details" } }\`. With \`control.invalid\` comes \`problems\`: every mistake as
\`{ "field", "found", "allowed" }\`.

${table(['Status', 'Code', 'Sentence'], rows)}`;
}

function contractText(title: string, socket: string, operations: Operations, named: Map<string, Schema>): string {
  const texts = Object.entries(operations).map(([name, operation]) => operationText(name, operation, named));
  return [`## ${title}\n\nOn ${socket}.`, ...texts].join('\n\n');
}

function operationText(name: string, operation: Operation, named: Map<string, Schema>): string {
  const inputs = (['params', 'query', 'body'] as const).flatMap((part) => inputText(operation, part, named));
  const answer = operation.answer === undefined ? 'nothing (204)' : typeText(schemaOf(operation.answer, 'output', named));
  const refusals = operation.errors.map((code) => `\`${code}\``).join(', ');
  const facts = [`Answers ${answer}.`, refusals === '' ? '' : `Refuses with ${refusals}.`].filter((fact) => fact !== '').join(' ');
  return [`### \`${operation.method} ${operation.path}\``, `\`${name}\`. ${operation.summary} ${facts}`, ...inputs].join('\n\n');
}

const partNames = { params: 'In the path', query: 'After `?`', body: 'Body' } as const;

function inputText(operation: Operation, part: keyof typeof partNames, named: Map<string, Schema>): string[] {
  const source = operation[part];
  if (source === undefined) return [];
  const schema = schemaOf(source, 'input', named);
  if (schema.anyOf !== undefined) return [`${partNames[part]}: ${typeText(schema)}`];
  return [`${partNames[part]}:\n\n${fieldTable(schema, named)}`];
}

/** JSON Schema of one part; its named parts are collected. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', named: Map<string, Schema>): Schema {
  const { $defs = {}, ...json } = z.toJSONSchema(schema, { io, target: 'draft-2020-12' }) as Schema;
  for (const [name, inner] of Object.entries($defs)) named.set(name, inner as Schema);
  return json;
}

function fieldTable(schema: Schema, named: Map<string, Schema>): string {
  const target = schema.$ref === undefined ? schema : (named.get(nameOf(schema.$ref)) ?? schema);
  const rows = Object.entries(target.properties ?? {}).map(([name, field]) => fieldRow(name, field as Schema, target.required ?? []));
  return rows.length === 0 ? typeText(target) : table(['Field', 'Type', 'Meaning'], rows);
}

function fieldRow(name: string, field: Schema, required: readonly string[]): string[] {
  const optional = required.includes(name) ? '' : '?';
  const usual = field.default === undefined ? '' : `, usually ${code(JSON.stringify(field.default))}`;
  return [code(name + optional), typeText(field) + usual, field.description ?? ''];
}

/** The type in words; a title says best what is allowed. */
function typeText(schema: Schema): string {
  if (schema.title !== undefined) return schema.title;
  if (schema.$ref !== undefined) return `[${nameOf(schema.$ref)}](#${nameOf(schema.$ref).toLowerCase()})`;
  if (schema.enum !== undefined) return schema.enum.map((value) => code(JSON.stringify(value))).join(' or ');
  if (schema.anyOf !== undefined) return schema.anyOf.map((option) => typeText(option as Schema)).join(' or ');
  return structureText(schema);
}

function structureText(schema: Schema): string {
  if (schema.type === 'array') return `list of ${typeText(schema.items as Schema)}`;
  if (schema.type === 'object') return objectText(schema);
  const bounds =
    schema.maximum !== undefined && schema.maximum < Number.MAX_SAFE_INTEGER ? ` from ${schema.minimum} to ${schema.maximum}` : '';
  return `${schema.format ?? schema.type ?? 'anything'}${bounds}`;
}

function objectText({ properties = {}, required = [] }: Schema): string {
  const fields = Object.entries(properties).map(
    ([name, field]) => `${name}${required.includes(name) ? '' : '?'}: ${typeText(field as Schema)}`,
  );
  return fields.length === 0 ? 'object' : `{ ${fields.join(', ')} }`;
}

function nameOf(reference: string): string {
  return reference.split('/').at(-1) ?? reference;
}

function code(text: string): string {
  return `\`${text}\``;
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(headings), `|${'---|'.repeat(headings.length)}`, ...rows.map(line)].join('\n');
}
