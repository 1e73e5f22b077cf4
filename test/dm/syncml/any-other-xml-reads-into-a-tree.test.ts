import { expect, test } from 'vitest';
import { defaultDecodeLimits, readXml } from '#src/dm/syncml/index.js';
import { codeOf } from './sample.js';

const read = (xml: string) => readXml(xml, defaultDecodeLimits);

test('names are local, text is decoded, attributes are kept but for declarations', () => {
  expect(
    read('<?xml version="1.0"?><!DOCTYPE a SYSTEM "x"><p:a xmlns:p="u" xmlns="v"> x<b c="&lt;\n1" p:d=""/>y<![CDATA[<]]>&amp;</p:a>'),
  ).toEqual({
    name: 'a',
    text: ' xy<&',
    children: [
      {
        name: 'b',
        text: '',
        children: [],
        attributes: new Map([
          ['c', '< 1'],
          ['p:d', ''],
        ]),
      },
    ],
  });
});

test('a lone empty root', () => {
  expect(read('<a/>')).toEqual({ name: 'a', text: '', children: [] });
});

test('names beyond ASCII', () => {
  expect(read('<größe π="1"><𐐀·/></größe>').children[0]?.name).toBe('𐐀·');
});

test('a declared encoding means nothing in a text that is decoded already', () => {
  expect(read('<?xml version="1.0" encoding="UTF-16"?><a/>').name).toBe('a');
});

test.each(['', '<a>', '<a></b>', '<a/><b/>', '<a>&x;</a>', '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', '<a><?b?></a>'])(
  '%s is refused',
  (xml) => {
    expect(codeOf(() => read(xml))).toMatch(/^syncml\./);
  },
);
