import { expect, it } from 'vitest';
import { referencesIn, referencesInSources, standards } from './standards.js';

it('and each document of the table is named', () => {
  const { references, unknown } = referencesInSources();
  expect(unknown).toEqual([]);
  const named = new Set(references.map(({ standard }) => standard));
  expect(standards.map(({ name }) => name).filter((name) => !named.has(name))).toEqual([]);
});

it.each([
  ['@see OMA DM TND 1.2 § 6.1, 7.7; RepPro 1.2 § 6.5 */', ['OMA DM TND 1.2 6.1', 'OMA DM TND 1.2 7.7', 'OMA DM RepPro 1.2 6.5']],
  ['@see OMA DM RepPro 1.2 § 6 and 8, WAP-192 WBXML 1.3', ['OMA DM RepPro 1.2 6', 'OMA DM RepPro 1.2 8', 'WAP-192 WBXML 1.3 ']],
  ['@see UPnP Device Architecture 1.1 § 1.3.3: more counts as 5 s', ['UPnP Device Architecture 1.1 1.3.3']],
  ['@see RFC 9112 § 6.3, § 11.2.', ['RFC 9112 6.3', 'RFC 9112 11.2']],
  ['@see RFC 3925 § 4; TR-069 Annex F.2.5', ['RFC 3925 4', 'TR-069 Annex F.2.5']],
  ['@see XML 1.0 (fifth edition) § 2–4', ['XML 1.0 (fifth edition) 2–4']],
  ['@see ISO 8601 § 4', []],
])('%s', (line, found) => {
  expect(referencesIn(line).map(({ standard, section }) => `${standard} ${section}`)).toEqual(found);
});
