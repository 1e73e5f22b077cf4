import { PosternError } from '#src/base/index.js';
import type { DecodeLimits } from '../codec.js';
import { readProlog } from './xml-prolog.js';
import { XmlScanner } from './xml-scanner.js';

/** An element of any XML, by its local name. */
export interface XmlElement {
  readonly name: string;
  /** By qualified name, without namespace declarations; absent if there are none. */
  readonly attributes?: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** All text directly inside, decoded, white space included. */
  readonly text: string;
}

interface OpenElement {
  readonly tag: number;
  readonly element: { readonly name: string; readonly children: XmlElement[]; text: string };
}

/**
 * Reads XML of which no table is known, such as a management tree in TNDS. As strict as the decoder of messages; a
 * declared encoding means nothing any more.
 * @throws PosternError `syncml.*`
 */
export function readXml(text: string, limits: DecodeLimits): XmlElement {
  const bytes = Buffer.byteLength(text);
  if (!(bytes <= limits.bytes)) throw new PosternError('syncml.too-large', { bytes, limit: limits.bytes });
  const scanner = new XmlScanner(text, limits);
  readProlog(scanner);
  const root = readElement(scanner);
  scanner.finish();
  return root;
}

function readElement(scanner: XmlScanner): XmlElement {
  const root = openElement(scanner);
  const open = scanner.selfClosed ? [] : [root];
  for (let parent = open.at(-1); parent !== undefined; parent = open.at(-1)) {
    parent.element.text += scanner.content();
    scanner.boundText(parent.element.text.length);
    if (scanner.atClose()) {
      scanner.close(parent.tag);
      open.pop();
      continue;
    }
    const child = openElement(scanner);
    parent.element.children.push(child.element);
    if (!scanner.selfClosed) open.push(child);
  }
  return root.element;
}

function openElement(scanner: XmlScanner): OpenElement {
  scanner.open();
  const attributes = new Map([...scanner.attributes].filter(([name]) => name !== 'xmlns' && !name.startsWith('xmlns:')));
  const element = { name: scanner.name, children: [], text: '', ...(attributes.size > 0 && { attributes }) };
  return { tag: scanner.tag, element };
}
