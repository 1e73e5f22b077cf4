import { expect, test } from 'vitest';
import { dataOf, decode, encode, inBody, inData } from './sample.js';

const add = (attributes: string, data: string) => inBody(`<Add ${attributes}><CmdID>1</CmdID><Item><Data>${data}</Data></Item></Add>`);
const markupOf = (xml: string) => dataOf(decode(xml));

test.each<[string, string, string]>([
  ['markup that declares everything', inData('<a xmlns="u"><p:b xmlns:p="v"/></a>'), '<a xmlns="u"><p:b xmlns:p="v"/></a>'],
  ['markup without namespaces', inData('<a><b c="1"/></a>'), '<a><b c="1"/></a>'],
  ['white space around and within', inData(' \n<a> <b/>\t</a>\n<c/>\r\n'), '<a> <b/>\t</a>\n<c/>'],
  ['comments around and within', inData('<!-- x --><a><!-- y --></a><!-- z -->'), '<a><!-- y --></a>'],
  ['references and CDATA', inData('<a b="&quot;">&lt;<![CDATA[</a>]]></a>'), '<a b="&quot;">&lt;<![CDATA[</a>]]></a>'],
  ['a prefix from outside', add('xmlns:p="u"', '<p:a><p:b/></p:a>'), '<p:a xmlns:p="u"><p:b/></p:a>'],
  ['a prefix used deep inside', add('xmlns:p="u"', '<a x="1"><b><p:c/></b></a>'), '<a xmlns:p="u" x="1"><b><p:c/></b></a>'],
  ['a prefix of an attribute', add('xmlns:p="u"', '<a p:b="1"/>'), '<a xmlns:p="u" p:b="1"/>'],
  ['a prefix in every sibling', add('xmlns:p="u"', '<p:a/><b/><p:c/>'), '<p:a xmlns:p="u"/><b/><p:c xmlns:p="u"/>'],
  [
    'a prefix declared inside, and outside',
    add('xmlns:p="u"', '<a><p:b xmlns:p="v"/><p:c/></a>'),
    '<a xmlns:p="u"><p:b xmlns:p="v"/><p:c/></a>',
  ],
  ['a prefix that is not used', add('xmlns:p="u"', '<a/>'), '<a/>'],
  ['a default namespace from outside', add('xmlns="urn:x"', '<a/>'), '<a xmlns="urn:x"/>'],
  ['a default namespace on Data', inData('|').replace('<Data>|', '<Data xmlns="u&amp;&quot;">\n<a/>'), '<a xmlns="u&amp;&quot;"/>'],
  ['no default namespace on Data', inData('|').replace('<Data>|', '<Data xmlns=""><a/>'), '<a xmlns=""/>'],
  ['the prefix that everybody knows', inData('<a xml:space="preserve"/>'), '<a xml:space="preserve"/>'],
])('%s', (_, xml, markup) => {
  expect(markupOf(xml)).toEqual({ markup });
  expect(markupOf(encode(decode(xml)))).toEqual({ markup });
});

test('a declaration ends with its element', () => {
  const item = (data: string, attributes = '') => `<Item ${attributes}><Data>${data}</Data></Item>`;
  const xml = (second: string) => inBody(`<Add><CmdID>1</CmdID>${item('<p:a/>', 'xmlns:p="u"')}${second}</Add>`);
  expect(() => decode(xml(item('<p:a/>')))).toThrow(/prefix p is not declared/);
  expect(() => decode(inData('<a xmlns:p="u"/><p:b/>'))).toThrow(/prefix p is not declared/);
  expect(() => decode(inData('<a xmlns:p="u"></a><p:b/>'))).toThrow(/prefix p is not declared/);
  const onData = inBody('<Add><CmdID>1</CmdID><Item><Data xmlns:p="u"><p:a/></Data></Item><Item><Data><p:a/></Data></Item></Add>');
  expect(() => decode(onData)).toThrow(/prefix p is not declared/);
});
