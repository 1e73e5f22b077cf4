import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type ErrorEntry, errorTable } from '#src/base/index.js';
import { statusCodes, statusMeaning } from '#src/dm/session/index.js';

const source = new URL('../../../src/', import.meta.url);
const rooms = ['dm', 'gateway', 'small-server', 'virtual-device'];

it('those in the sources', () => {
  const given = rooms
    .flatMap(filesOf)
    .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/'([2-5]\d\d)'/g)].map(([, code = '']) => code));
  expect(given.length).toBeGreaterThan(40);
  expect(given.filter((code) => statusMeaning(code) === undefined)).toEqual([]);
});

it('and those of the errors', () => {
  const given = Object.values<ErrorEntry>(errorTable).flatMap(({ status }) => (status === undefined ? [] : [status]));
  expect(given.filter((code) => statusMeaning(code) === undefined)).toEqual([]);
});

it('in order, and no other', () => {
  const codes = Object.keys(statusCodes).map(Number);
  expect(codes).toEqual(codes.toSorted((a, b) => a - b));
  expect(statusMeaning(299)).toBeUndefined();
});

function filesOf(room: string): URL[] {
  const folder = new URL(`${room}/`, source);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  return files.map((file) => new URL(file, folder));
}
