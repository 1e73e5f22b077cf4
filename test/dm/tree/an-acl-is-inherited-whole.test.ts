import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isPosternError } from '#src/base/index.js';
import {
  type Acl,
  accessTypes,
  formatAcl,
  grants,
  inheritAcl,
  isEmptyAcl,
  parseAcl,
  rootWithoutServer,
  withoutServer,
} from '#src/dm/tree/index.js';

const id = fc.stringMatching(/^[A-Za-z0-9._:/-]{1,12}$/);
const ids = fc.oneof(fc.constant(['*']), fc.uniqueArray(id, { minLength: 1, maxLength: 4 }));
const acl: fc.Arbitrary<Acl> = fc.dictionary(fc.constantFrom(...accessTypes), ids, { noNullPrototype: true });

test('any ACL is read back as it was written', () => {
  fc.assert(
    fc.property(acl, (value) => {
      expect(parseAcl(formatAcl(value))).toEqual(value);
    }),
  );
});

test('a node takes all of the nearest ACL that grants anything, and nothing of those above', () => {
  fc.assert(
    fc.property(acl, acl, fc.constantFrom(...accessTypes), id, (above, own, command, server) => {
      expect(grants(inheritAcl([above, own, {}]), command, server)).toBe(grants(isEmptyAcl(own) ? above : own, command, server));
    }),
  );
});

test('a removed server is nowhere named, and nobody else has gained or lost', () => {
  fc.assert(
    fc.property(acl, id, id, fc.constantFrom(...accessTypes), (value, gone, other, command) => {
      fc.pre(gone !== other);
      expect(formatAcl(withoutServer(value, gone)).split(/[=&+]/)).not.toContain(gone);
      expect(grants(withoutServer(value, gone), command, other)).toBe(grants(value, command, other));
    }),
  );
});

test('a root command that loses its last server is open to everyone', () => {
  expect(formatAcl(rootWithoutServer(parseAcl('Add=a&Get=a+b'), 'a'))).toBe('Add=*&Get=b');
});

test.each([
  ['Get=a&Add=b', 'Add=b&Get=a'],
  ['Get=a+*', 'Get=*'],
  ['Get=a+a', 'Get=a'],
  [' Get=a ', 'Get=a'],
  ['', ''],
])('%j is written as %j', (text, written) => {
  expect(formatAcl(parseAcl(text))).toBe(written);
});

test.each(['Get', 'Get=', 'Copy=*', 'get=*', 'Get=a&Get=b', 'Get=a b', 'Get=a++b', 'Get=a=b', '&', 'Get=*&'])('%j is refused', (text) => {
  expect(() => parseAcl(text)).toThrow(expect.objectContaining({ code: 'tree.invalid-acl', status: 400 }));
});

test('any text is an ACL or refused with 400', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        parseAcl(text);
      } catch (error) {
        expect(isPosternError(error, 'tree.invalid-acl')).toBe(true);
      }
    }),
  );
});

test('a server id that would read as two is not written', () => {
  expect(() => formatAcl({ Get: ['a+b'] })).toThrow(expect.objectContaining({ code: 'tree.invalid-acl' }));
});
