import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isPosternError } from '#src/base/index.js';
import { canonicalUri, formatPath, isWithin, parseAddress, parsePath, type UriLimits } from '#src/dm/tree/index.js';

const name = fc.string({ minLength: 1, maxLength: 12 }).filter((text) => !/[/?\p{Cc}]/u.test(text) && !/^\.\.?$/.test(text));
const path = fc.array(name, { maxLength: 6 });
const none: UriLimits = { maxDepth: 0, maxTotLen: 0, maxSegLen: 0 };

function statusOf(text: string, limits = none): number | undefined {
  try {
    parseAddress(text, limits);
    return 200;
  } catch (error) {
    if (isPosternError(error)) return error.status;
    throw error;
  }
}

test.each([
  ['', '.'],
  ['.', '.'],
  ['./', '.'],
  ['/', '.'],
  ['./A/B', './A/B'],
  ['A/B', './A/B'],
  ['/A/B', './A/B'],
  ['./A/B/', './A/B'],
  ['.A', './.A'],
  ['./A%2FB', './A%2FB'],
  ['./A?prop=ACL', './A'],
])('%j is %j', (text, canonical) => {
  expect(canonicalUri(text)).toBe(canonical);
});

test.each(['./..', '..', './A/../B', './A//B', '//A', './A/./B', './A//', './A\n', './\u0000', '..?prop=ACL'])(
  '%j names no node',
  (text) => {
    expect(statusOf(text)).toBe(404);
  },
);

test.each([
  '?',
  '?prop=',
  '?prop=acl',
  '?list=TNDS+Value-ACL',
  '?list=TNDS+',
  '?list=TNDSValue',
  '?list=TNDS+Colour',
  '?prop=ACL?prop=ACL',
])('./A%s asks for what there is not', (query) => {
  expect(statusOf(`./A${query}`)).toBe(406);
});

test.each([
  ['./A/B/C', { ...none, maxDepth: 2 }, 414],
  ['./A/B', { ...none, maxDepth: 2 }, 200],
  ['./ABC/D', { ...none, maxSegLen: 2 }, 414],
  ['./AB/DE', { ...none, maxSegLen: 2 }, 200],
  ['./ABCDEF', { ...none, maxTotLen: 7 }, 414],
  ['./ABCDE', { ...none, maxTotLen: 7 }, 200],
] as const)('%s within %j is answered %d', (text, limits, status) => {
  expect(statusOf(text, limits)).toBe(status);
});

test('a TNDS query says which parts', () => {
  const parts = (text: string) => {
    const { query } = parseAddress(text);
    return query?.kind === 'list' && query.form === 'TNDS' ? [...query.parts].sort() : undefined;
  };
  expect(parts('.?list=TNDS+Value+ACL')).toEqual(['ACL', 'Value']);
  expect(parts('.?list=TNDS-Format')).toEqual(['ACL', 'TStamp', 'Title', 'Type', 'Value', 'VerNo']);
  expect(parts('.?list=TNDS')).toHaveLength(7);
});

test('any path is read back from its canonical form', () => {
  fc.assert(
    fc.property(path, (names) => {
      expect(parsePath(formatPath(names))).toEqual(names);
    }),
  );
});

test('any text is a path or refused with a status, and its canonical form stays as it is', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 40 }), (text) => {
      const status = statusOf(text);
      if (status === 200) expect(canonicalUri(canonicalUri(text))).toBe(canonicalUri(text));
      else expect([404, 406, 414]).toContain(status);
    }),
  );
});

test.each([
  ['./DMAcc/x', './DMAcc', true],
  ['DMAcc', '/DMAcc', true],
  ['./DMAcc?prop=ACL', './DMAcc', true],
  ['./DMAccount', './DMAcc', false],
  ['./A', './A/B', false],
  ['./A', '.', true],
])('%s within %s: %s', (uri, ancestor, within) => {
  expect(isWithin(uri, ancestor)).toBe(within);
});
