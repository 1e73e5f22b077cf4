import { expect, it } from 'vitest';
import { gwInventoryDefinition, standardObjects } from '#src/dm/objects/index.js';
import { fitsFormat, type ObjectDefinition } from '#src/dm/tree/index.js';

/** The formats of OMA DM. @see OMA DM TND 1.2 § 7.7.3 */
const basic = ['b64', 'bin', 'bool', 'chr', 'int', 'node', 'null', 'xml', 'date', 'time', 'float'];
const definitions: readonly ObjectDefinition[] = standardObjects;

it('DM10:6.3.4-17, SCH:6.3.4-17: every node of every object that we define has one of the basic formats', () => {
  const formats = definitions.flatMap(({ rows }) => rows.map(({ format }) => format));
  expect(formats.length).toBeGreaterThan(40);
  for (const format of formats) expect(basic).toContain(format);
  expect(definitions).toContain(gwInventoryDefinition);
});

it.each([
  ['int', '-12', 'twelve'],
  ['bool', 'true', 'yes'],
  ['float', '1.5', '1,5'],
  ['date', '2026-02-01', 'tomorrow'],
  ['time', '12:30:00', 'noon'],
  ['b64', 'AAEC', '*'],
] as const)('DM10:6.3.4-17, SCH:6.3.4-17: a value of the format %s is one: %s, and not %s', (format, right, wrong) => {
  expect(fitsFormat(right, format)).toBe(true);
  expect(fitsFormat(wrong, format)).toBe(false);
});
