import { expect, test } from 'vitest';
import { codeOf, dataOf, decode, inBody, inData } from './sample.js';

const whole = inBody('<Final/>');
const doctype = (text: string) => `<!DOCTYPE SyncML${text}>${whole}`;

test.each<[string, string, string]>([
  ['an internal subset', doctype(' [<!ENTITY a "b">]'), 'syncml.forbidden-markup'],
  ['an internal subset after an external id', doctype(' SYSTEM "x" []'), 'syncml.forbidden-markup'],
  ['a document type within the message', inData('<!DOCTYPE a>'), 'syncml.forbidden-markup'],
  ['a second document type', `<!DOCTYPE SyncML>${doctype('')}`, 'syncml.forbidden-markup'],
  ['a document type after the root', `${whole}<!DOCTYPE SyncML>`, 'syncml.forbidden-markup'],
  ['a document type without a name', `<!DOCTYPE>${whole}`, 'syncml.malformed'],
  ['an entity declaration', inData('<!ENTITY a "b">'), 'syncml.forbidden-markup'],
  ['another declaration', inData('<!ELEMENT a ANY>'), 'syncml.forbidden-markup'],
  ['a processing instruction before the root', `<?php x?>${whole}`, 'syncml.forbidden-markup'],
  ['a processing instruction in the root', inBody('<?x y?>'), 'syncml.forbidden-markup'],
  ['a processing instruction in text', inData('a<?x y?>'), 'syncml.forbidden-markup'],
  ['a processing instruction in markup', inData('<a><?x y?></a>'), 'syncml.forbidden-markup'],
  ['an XML declaration that does not come first', ` <?xml version="1.0"?>${whole}`, 'syncml.forbidden-markup'],
  ['an XML declaration without version', `<?xml encoding="UTF-8"?>${whole}`, 'syncml.malformed'],
  ['an XML declaration with more', `<?xml version="1.0" x="y"?>${whole}`, 'syncml.malformed'],
  ['another declared encoding', `<?xml version="1.0" encoding="ISO-8859-1"?>${whole}`, 'syncml.encoding'],
  ['an unknown entity', inData('&nbsp;'), 'syncml.malformed'],
  ['an entity named as a property of objects', inData('&__proto__;'), 'syncml.malformed'],
  ['a bare ampersand', inData('a & b'), 'syncml.malformed'],
  ['an unknown entity in markup', inData('<a>&x;</a>'), 'syncml.malformed'],
  ['an unknown entity in an attribute', inData('<a b="&x;"/>'), 'syncml.malformed'],
  ['an open reference in an attribute', inData('<a b="&lt"/>'), 'syncml.malformed'],
  ['a reference to NUL', inData('&#0;'), 'syncml.malformed'],
  ['a reference to a control character', inData('&#x1F;'), 'syncml.malformed'],
  ['a reference to a surrogate', inData('&#xD800;'), 'syncml.malformed'],
  ['a reference to U+FFFE', inData('&#xFFFE;'), 'syncml.malformed'],
  ['a reference beyond Unicode', inData('&#x110000;'), 'syncml.malformed'],
  ['a reference without digits', inData('&#;'), 'syncml.malformed'],
  ['a hexadecimal reference without digits', inData('&#x;'), 'syncml.malformed'],
  ['a reference with other digits', inData('&#1a;'), 'syncml.malformed'],
  ['a negative reference', inData('&#-1;'), 'syncml.malformed'],
  ['NUL in text', inData('a\0b'), 'syncml.malformed'],
  ['NUL in CDATA', inData('<![CDATA[\0]]>'), 'syncml.malformed'],
  ['NUL in a comment', inData('<!--\0-->'), 'syncml.malformed'],
  ['NUL in an attribute', inData('<a b="\0"/>'), 'syncml.malformed'],
  ['NUL in a name', inData('<a\0/>'), 'syncml.malformed'],
  ['NUL between elements', inBody('\0'), 'syncml.unexpected-text'],
  ['U+FFFF in text', inData('\uffff'), 'syncml.malformed'],
  [']]> in text', inData(']]>'), 'syncml.malformed'],
  [']]> in text after more brackets', inData('] ]]]>'), 'syncml.malformed'],
  ['-- in a comment', inData('<!-- a -- b -->'), 'syncml.malformed'],
  ['an attribute without quotes', inData('<a b=c/>'), 'syncml.malformed'],
  ['an attribute without value', inData('<a b/>'), 'syncml.malformed'],
  ['an attribute twice', inData('<a b="1" b="2"/>'), 'syncml.malformed'],
  ['attributes without space between', inData('<a b="1"c="2"/>'), 'syncml.malformed'],
  ['< in an attribute', inData('<a b="<"/>'), 'syncml.malformed'],
  ['an end tag of another name', inData('<a></b>'), 'syncml.malformed'],
  ['an end tag with a longer name', inData('<a></ab>'), 'syncml.malformed'],
  ['an end tag with a shorter name', inData('<ab></a>'), 'syncml.malformed'],
  ['an end tag with another prefix', inBody('<x:Final></y:Final>'), 'syncml.malformed'],
  ['an end tag with an attribute', inData('<a b="1"></a b="1">'), 'syncml.malformed'],
  ['an end tag with a stray name', inData('<a b="1"></a b>'), 'syncml.malformed'],
  ['a name that begins with a digit', inData('<1/>'), 'syncml.malformed'],
  ['a name that begins with a combining mark', inData('<\u0300/>'), 'syncml.malformed'],
  ['a tag that begins with a space', inData('< a/>'), 'syncml.malformed'],
  ['a second root', whole + whole, 'syncml.malformed'],
  ['text after the root', `${whole}x`, 'syncml.malformed'],
  ['text before the root', `x${whole}`, 'syncml.malformed'],
  ['a prefix that is declared nowhere in markup', inData('<x:a/>'), 'syncml.malformed'],
  ['a prefix of an attribute that is declared nowhere', inData('<a x:b="1"/>'), 'syncml.malformed'],
  ['an unfinished CDATA section', inData('<![CDATA[x'), 'syncml.truncated'],
  ['an unfinished comment', inBody('<!-- '), 'syncml.truncated'],
])('%s', (_, xml, code) => {
  expect(codeOf(() => decode(xml))).toBe(code);
});

test.each<[string, number[]]>([
  ['an overlong slash', [0xc0, 0xaf]],
  ['an overlong NUL', [0xc0, 0x80]],
  ['an encoded surrogate', [0xed, 0xa0, 0x80]],
  ['a code point beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
  ['a lone continuation byte', [0x80]],
])('%s is not UTF-8', (_, bytes) => {
  const [before, after] = inData('|').split('|') as [string, string];
  expect(codeOf(() => decode(Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)])))).toBe('syncml.encoding');
});

test('UTF-16 is refused with its byte order mark', () => {
  expect(codeOf(() => decode(Buffer.from(`\ufeff${whole}`, 'utf16le')))).toBe('syncml.encoding');
});

test('what calls itself US-ASCII has to be', () => {
  const declared = (data: string) => `<?xml version="1.0" encoding="us-ascii"?>${inData(data)}`;
  expect(codeOf(() => decode(declared('e')))).toBe('none');
  expect(codeOf(() => decode(declared('é')))).toBe('syncml.encoding');
});

const million = 1_000_000;
const unbounded = { bytes: Infinity, depth: Infinity, elements: Infinity, attributes: Infinity, text: Infinity };

test('floods end where the limits say', () => {
  const deep = inData('<a>'.repeat(million));
  const attributes = Array.from({ length: million }, (_, at) => ` a${at}="1"`).join('');
  const wide = { ...unbounded, depth: 32, elements: 20_000, attributes: 32 };
  expect(codeOf(() => decode(deep, wide))).toBe('syncml.too-deep');
  expect(codeOf(() => decode(inBody(`<Final${attributes}/>`), wide))).toBe('syncml.too-many-attributes');
  expect(codeOf(() => decode(inData('<a/>'.repeat(million)), wide))).toBe('syncml.too-many-elements');
  expect(codeOf(() => decode(inData('&#65;'.repeat(million)), { bytes: Infinity }))).toBe('none');
});

test('floods without limits still take linear time and no stack', () => {
  const nested = '<Atomic><CmdID>1</CmdID>'.repeat(million);
  expect(codeOf(() => decode(inBody(nested), unbounded))).toBe('syncml.too-deep');
  expect(dataOf(decode(inData('&#65;'.repeat(million)), unbounded))).toBe('A'.repeat(million));
  expect(dataOf(decode(inData(']'.repeat(million)), unbounded))).toBe(']'.repeat(million));
  expect(dataOf(decode(inData('\r'.repeat(million)), unbounded))).toBe('\n'.repeat(million));
  const attributes = Array.from({ length: 100_000 }, (_, at) => ` xmlns:a${at}="u"`).join('');
  const uses = Array.from({ length: 100_000 }, (_, at) => `<a${at}:b/>`).join('');
  expect(codeOf(() => decode(inData(`<x${attributes}>${uses}</x>`), unbounded))).toBe('none');
  expect(codeOf(() => decode(inBody(`${'<!---->'.repeat(million)}<!--${'x'.repeat(million)}-->`), unbounded))).toBe('none');
  for (const open of ['<![CDATA[', '<!--', '&#', "<a b='", '<a '].map((start) => start.repeat(100_000))) {
    expect(codeOf(() => decode(inData(open), unbounded))).toMatch(/^syncml\.(truncated|malformed)$/);
  }
});

test('a long namespace that every Item uses does not multiply the message', () => {
  const item = '<Item><Data><n:a/></Data></Item>';
  const add = `<Add xmlns:n="${'u'.repeat(100_000)}"><CmdID>1</CmdID>${item.repeat(1000)}</Add>`;
  expect(codeOf(() => decode(inBody(add)))).toBe('syncml.text-too-long');
});

test('names of object properties are only unknown elements', () => {
  for (const name of ['__proto__', 'constructor', 'toString', 'commands', 'name']) {
    expect(codeOf(() => decode(inBody(`<${name}/>`)))).toBe('syncml.unknown-element');
  }
});
