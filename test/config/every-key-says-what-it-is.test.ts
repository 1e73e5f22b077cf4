import { expect, test } from 'vitest';
import { describe, gatewayJsonSchema, gatewayKeys, smallServerKeys } from '#src/config/index.js';

const rows = [...describe(gatewayKeys()), ...describe(smallServerKeys())];

test.each(rows.map((row) => [row.key, row] as const))('%s', (_key, row) => {
  expect(row.description).toMatch(/^[A-Z].*\.$/);
  if (row.level !== 'value') return;
  expect(row.allowed).not.toBe('');
  expect(row.default ?? row.example).toBeDefined();
});

test('the JSON Schema has them all and refuses others', () => {
  const schema = gatewayJsonSchema();
  expect(schema).toMatchObject({
    additionalProperties: false,
    properties: { south: { additionalProperties: false, properties: { port: { type: 'integer', maximum: 65_535, default: 8443 } } } },
  });
  expect(schema).not.toHaveProperty('required');
  expect(schema).toHaveProperty('properties.devices.items.required', ['id']);
});
