import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fixtureNames } from '../dm/syncml/fixtures.js';
import { temporaryDirectory } from '../store/store-fixture.js';
import { runVerb } from './run-verb.js';

const fixture = (name: string) => new URL(`../fixtures/syncml/${name}`, import.meta.url).pathname;
const tree =
  '<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD><Node><NodeName>A</NodeName><RTProperties><Format><chr/></Format></RTProperties><Value>1</Value></Node></MgmtTree>';

async function message(bytes: Uint8Array | string, ...options: string[]) {
  const written: Uint8Array[] = [];
  const outcome = await runVerb(['message', '-', ...options], {
    readStandardInputBytes: async () => Buffer.from(bytes),
    outBytes: (part) => written.push(part),
  });
  return { ...outcome, bytes: Buffer.concat(written) };
}

test('either encoding is shown as indented XML', async () => {
  for (const encoding of ['xml', 'wbxml']) {
    const { out, code } = await runVerb(['message', fixture(`package-1-minimal.${encoding}`)]);
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`^<!-- a SyncML message in ${encoding.toUpperCase()}, \\d+ bytes -->\n<SyncML xmlns`));
    expect(out).toContain('\n    <Target>\n      <LocURI>http://dm.example/s</LocURI>\n    </Target>\n');
    expect(out).toContain('<Data>Example &amp; Söhne</Data>\n');
    expect(out.trimEnd().endsWith('\n    <Final/>\n  </SyncBody>\n</SyncML>')).toBe(true);
  }
});

test.each(fixtureNames)('%s: what is shown is the same message', async (name) => {
  const { out } = await runVerb(['message', fixture(`${name}.xml`)]);
  const shown = await message(out.replaceAll('\\u{a}', '\n'), '--to', 'xml');
  const given = await message(readFileSync(fixture(`${name}.xml`)), '--to', 'xml');
  const dense = (bytes: Buffer) => bytes.toString().replace(/\s+/g, '');
  expect(dense(shown.bytes)).toBe(dense(given.bytes));
});

test('hex digits stand for the bytes', async () => {
  const hex = readFileSync(fixture('package-1-minimal.wbxml'))
    .toString('hex')
    .replace(/(.{32})/g, '$1\n');
  expect((await message(hex)).out).toContain('<MsgID>1</MsgID>');
});

test('--to writes the other encoding, and back', async () => {
  const xml = (await message(readFileSync(fixture('package-1-minimal.xml')), '--to', 'xml')).bytes;
  const wbxml = (await message(xml, '--to', 'wbxml')).bytes;
  expect(wbxml.subarray(0, 5).toString('hex')).toBe('02a4016a00');
  expect((await message(wbxml, '--to', 'xml')).bytes).toEqual(xml);
  expect((await message(xml, '--to', 'wbxml', '--hex')).out).toBe(`${wbxml.toString('hex')}\n`);
});

test('a serialised tree is shown and converted', async () => {
  const wbxml = (await message(tree, '--to', 'wbxml')).bytes;
  expect((await message(wbxml)).out).toMatch(
    /^<!-- a serialised tree in WBXML, \d+ bytes -->\n<MgmtTree xmlns="syncml:dmddf1.2">\n {2}<VerDTD>/,
  );
  expect((await message(wbxml, '--to', 'xml')).bytes.toString()).toBe(tree);
});

test.each<[string, Buffer, RegExp]>([
  ['a token that is none', Buffer.from('02a4016a006d7d', 'hex'), /0x7d stands for nothing .*byte 6\)\.\n {2}02 a4 01 6a 00 6d >>> 7d\n$/],
  ['a message that is cut', Buffer.from('02a4016a', 'hex'), /ends at byte 4/],
  ['XML that is not well-formed', Buffer.from('<SyncML><SyncHdr></SyncML>'), /byte 19: .*\n {2}.*<SyncHdr><\/ >>> SyncML>\n$/],
  ['a wrong value', Buffer.from('<SyncML><SyncHdr><MsgID>0</MsgID></SyncHdr></SyncML>'), /a number from 1 is expected\. \(byte 33\)/],
  [
    'a tree that is none',
    Buffer.from('<MgmtTree><Node><NodeName>A</NodeName><Value><a/></Value></Node></MgmtTree>'),
    /a Value holds elements/,
  ],
  ['something else', Buffer.from('hello'), /neither XML nor WBXML/],
  ['nothing', Buffer.alloc(0), /neither XML nor WBXML/],
])('it says what is wrong, and where: %s', async (_, bytes, sentence) => {
  const { code, err, out } = await message(bytes);
  expect(err).toMatch(sentence);
  expect(out).toBe('');
  expect(code).toBe(1);
});

test('what would steer a terminal is made visible', async () => {
  const file = join(temporaryDirectory(), 'message.xml');
  writeFileSync(file, readFileSync(fixture('package-1-minimal.xml'), 'utf8').replace('Söhne', '\u009b2J\u202e'));
  expect((await runVerb(['message', file])).out).toContain('Example &amp; \\u{9b}2J\\u{202e}');
});

test('a file that cannot be read is named', async () => {
  expect(await runVerb(['message', '/nonexistent'])).toMatchObject({ code: 2, err: expect.stringContaining('/nonexistent') });
});
