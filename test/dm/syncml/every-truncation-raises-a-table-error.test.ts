import { expect, test } from 'vitest';
import { fixtureNames, fixtureWbxml, fixtureXml } from './fixtures.js';
import { codeOf, decode, decodeWbxml } from './sample.js';

test.each(fixtureNames)('%s', (name) => {
  const bytes = fixtureXml(name);
  const end = bytes.lastIndexOf('>');
  for (let length = 0; length <= end; length++) {
    expect(
      codeOf(() => decode(bytes.subarray(0, length))),
      `${length} bytes`,
    ).toMatch(/^syncml\./);
  }
  expect(codeOf(() => decode(bytes.subarray(0, end + 1)))).toBe('none');
});

test('a message that ends within a tag, a text, a reference, a comment or CDATA is called truncated', () => {
  for (const xml of [
    '',
    '<',
    '<Sync',
    '<SyncML>',
    '<SyncML><SyncHdr><VerDTD>1.',
    '<SyncML><SyncHdr><VerDTD>&l',
    '<SyncML><!-- x',
    '<SyncML><SyncHdr><VerDTD><![CDATA[x',
    '<SyncML><SyncHdr></Syn',
  ]) {
    expect(
      codeOf(() => decode(xml)),
      xml,
    ).toBe('syncml.truncated');
  }
});

test.each(fixtureNames)('%s in WBXML', (name) => {
  const bytes = fixtureWbxml(name);
  for (let length = 0; length < bytes.length; length++) {
    expect(
      codeOf(() => decodeWbxml(bytes.subarray(0, length))),
      `${length} bytes`,
    ).toBe('syncml.truncated');
  }
  expect(codeOf(() => decodeWbxml(bytes))).toBe('none');
});
