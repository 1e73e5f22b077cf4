import { expect, test } from 'vitest';
import { dataOf, decode, header, inBody, inData } from './sample.js';

test('white space around tokens is trimmed, and only that of XML', () => {
  const message = decode(
    inBody(
      '<Get><CmdID> 1\r\n</CmdID><Item><Target><LocURI>\n\t./A\u00a0 </LocURI></Target><Meta><Format> chr </Format></Meta></Item></Get>',
    ),
  );
  expect(message.SyncBody.commands).toEqual([
    { name: 'Get', CmdID: '1', Item: [{ Target: { LocURI: './A\u00a0' }, Meta: { Format: 'chr' } }] },
  ]);
});

test('white space in the Data of an Item belongs to the value', () => {
  expect(dataOf(decode(inData(' \ta\n ')))).toBe(' \ta\n ');
  expect(dataOf(decode(inData('  ')))).toBe('  ');
});

test('line ends become one line feed unless they are written as references', () => {
  expect(dataOf(decode(inData('a\r\nb\rc&#13;d')))).toBe('a\nb\nc\rd');
  expect(dataOf(decode(inData('<![CDATA[a\r\nb\rc&#13;]]>')))).toBe('a\nb\nc&#13;');
});

test('text is put together from references, CDATA and what stands around comments', () => {
  expect(dataOf(decode(inData('a&lt;&gt;&amp;&quot;&apos;&#65;&#x42;&#x00004A;')))).toBe('a<>&"\'ABJ');
  expect(dataOf(decode(inData('a<!-- no -->b<![CDATA[<c>&amp;]]>]<![CDATA[]]>d')))).toBe('ab<c>&amp;]d');
});

test('empty Data is an empty text, absent Data is absent', () => {
  for (const empty of ['<Data/>', '<Data></Data>', '<Data><![CDATA[]]></Data>', '<Data x="1" />']) {
    expect(dataOf(decode(inBody(`<Add><CmdID>1</CmdID><Item>${empty}</Item></Add>`)))).toBe('');
  }
  expect(dataOf(decode(inBody('<Add><CmdID>1</CmdID><Item/></Add>')))).toBeUndefined();
});

test('flags may be written with two tags, commands in any order, Final before them', () => {
  const { SyncBody } = decode(inBody('<Final> <!-- --> </Final ><Get><Item/><CmdID>1</CmdID></Get><Alert><CmdID>2</CmdID></Alert>'));
  expect(SyncBody).toEqual({
    Final: true,
    commands: [
      { name: 'Get', CmdID: '1', Item: [{}] },
      { name: 'Alert', CmdID: '2' },
    ],
  });
});

test('the body may come before the header, and attributes that nobody asked for are passed over', () => {
  const message = decode(`<SyncML a='1' xml:lang="en"><SyncBody b = "2"/>${header}</SyncML >\n<!-- end -->\n`);
  expect(message.SyncBody).toEqual({ commands: [] });
});

test('only present fields are there, on plain objects', () => {
  const message = decode(inBody('<Get><CmdID>1</CmdID></Get>'));
  expect(Object.keys(message.SyncBody)).toEqual(['commands']);
  expect(Object.keys(message.SyncBody.commands[0] ?? {})).toEqual(['name', 'CmdID']);
  expect(Object.getPrototypeOf(message.SyncBody)).toBe(Object.prototype);
});

test('a view into a larger buffer is read within its bounds', () => {
  const xml = Buffer.from(`garbage${inData('ok')}garbage`);
  expect(dataOf(decode(new Uint8Array(xml.buffer, xml.byteOffset + 7, xml.length - 14)))).toBe('ok');
});

test('a document type that names an external id is skipped', () => {
  for (const id of ['', ' SYSTEM "a"', " PUBLIC '-//X' 'http://x'", ' PUBLIC "-//X"', '\nSYSTEM "]>" ']) {
    expect(dataOf(decode(`<!-- a --><!DOCTYPE SyncML${id}><!-- b -->${inData('ok')}`))).toBe('ok');
  }
});
