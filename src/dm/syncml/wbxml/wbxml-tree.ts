import { isPosternError } from '#src/base/index.js';
import type { DecodeLimits } from '../codec.js';
import type { Markup } from '../message.js';
import { trimmed } from '../xml/xml-characters.js';
import { readXml, type XmlElement } from '../xml/xml-reader.js';
import { type Tag, tndsTag } from './code-pages.js';
import { beginsTree } from './wbxml-markup.js';
import { charsets, publicIdTexts, wbxmlVersions } from './wbxml-tokens.js';
import { WbxmlWriter } from './wbxml-writer.js';

/** Markup of ours was bounded when it came. */
const unbounded: DecodeLimits = { bytes: Infinity, depth: Infinity, elements: Infinity, attributes: Infinity, text: Infinity };

/**
 * A serialised tree as a WBXML document of its own; undefined for markup that is none, or that code page 2 has no words for.
 * @see OMA DM TNDS 1.2 § 5
 */
export function encodeWbxmlTree({ markup }: Markup): Uint8Array | undefined {
  const root = beginsTree(markup) ? readTree(markup) : undefined;
  if (root === undefined || !isExpressible(root)) return undefined;
  const writer = new WbxmlWriter();
  writer.bytes(preamble);
  writeElement(writer, root);
  return writer.take();
}

/** WBXML 1.2; no number is assigned, so that the name stands at index 0 of the string table. */
const preamble = Uint8Array.from([
  wbxmlVersions.written,
  0,
  0,
  charsets.utf8,
  publicIdTexts.tnds.length + 1,
  ...Buffer.from(`${publicIdTexts.tnds}\0`),
]);

function readTree(markup: string): XmlElement | undefined {
  try {
    return readXml(markup, unbounded);
  } catch (error) {
    // Several elements side by side, such as XML allows in Data, are no tree.
    if (isPosternError(error)) return undefined;
    throw error;
  }
}

function isExpressible({ name, attributes, text, children }: XmlElement): boolean {
  if (tndsTag(name) === undefined || attributes !== undefined) return false;
  return children.length === 0 || (trimmed(text) === '' && children.every(isExpressible));
}

function writeElement(writer: WbxmlWriter, { name, text, children }: XmlElement): void {
  const tag = tndsTag(name) as Tag;
  if (children.length === 0 && text === '') return writer.empty(tag);
  writer.open(tag);
  if (children.length === 0) writer.inlineString(text);
  for (const child of children) writeElement(writer, child);
  writer.close();
}
