import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { expect, test } from 'vitest';
import { defaultDecodeLimits, readXml, type XmlElement } from '#src/dm/syncml/index.js';
import { fixtureNames, fixtureXml } from './fixtures.js';
import { messageArbitrary } from './message-arbitrary.js';
import { encode } from './sample.js';

/** Local names and texts in the order of the end tags. */
type Outline = [name: string, text: string][];

function outlineBySaxes(xml: string): Outline {
  const outline: Outline = [];
  const open: [string, string][] = [];
  const append = (text: string) => {
    const top = open.at(-1);
    if (top !== undefined) top[1] += text;
  };
  const parser = new SaxesParser({ xmlns: true });
  parser.on('opentag', ({ local }) => open.push([local, '']));
  parser.on('text', append);
  parser.on('cdata', append);
  parser.on('closetag', () => outline.push(open.pop() ?? ['', '']));
  parser.write(xml).close();
  return outline;
}

function outlineOf(element: XmlElement): Outline {
  return [...element.children.flatMap(outlineOf), [element.name, element.text]];
}

test.each(fixtureNames)('%s', (name) => {
  const xml = fixtureXml(name).toString('utf8');
  expect(outlineOf(readXml(xml, defaultDecodeLimits))).toEqual(outlineBySaxes(xml));
});

test('whatever we write', () => {
  fc.assert(
    fc.property(messageArbitrary, (message) => {
      const xml = encode(message);
      expect(outlineOf(readXml(xml, defaultDecodeLimits))).toEqual(outlineBySaxes(xml));
    }),
    { numRuns: 100 },
  );
});
