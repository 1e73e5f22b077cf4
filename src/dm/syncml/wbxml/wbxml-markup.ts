import { trimmed } from '../xml/xml-characters.js';
import { escapeXml } from '../xml/xml-escape.js';
import { pageNamespaces, type Tag, tagNames, tagsPerPage, tndsTag } from './code-pages.js';
import { readOpaque } from './wbxml-bytes.js';
import type { Opaque, WbxmlReader } from './wbxml-reader.js';

const [tree, node, format, value] = ['MgmtTree', 'Node', 'Format', 'Value'].map(tndsTag);

/**
 * Reads the tags inside Data as XML, from the one that is opened to the END of Data, which is taken.
 * @throws PosternError `syncml.*`
 */
export function readTags(reader: WbxmlReader, first: Tag): string {
  const markup = new TagReader(reader);
  for (let tag = first; tag >= 0; tag = reader.openChild('Data')) markup.element(tag, 0);
  return markup.text;
}

/**
 * Reads a document that holds a serialised tree, as XML.
 * @throws PosternError `syncml.*`
 * @see OMA DM TNDS 1.2 § 5
 */
export function readTree(reader: WbxmlReader): string {
  if (reader.document === 'syncml') reader.fail('syncml.unknown-document', { document: 'SyncML within SyncML' });
  const root = reader.openRoot();
  if (root !== tree) reader.fail('syncml.unknown-element', { element: tagNames[root] ?? '', parent: 'the document' });
  const markup = new TagReader(reader);
  markup.element(root, 0);
  reader.finish();
  return markup.text;
}

/** Whether a text is a serialised tree in XML. */
export function beginsTree(text: string): boolean {
  return /^\s*(?:<[?!][^>]*>\s*)*<(?:[\w.-]+:)?MgmtTree[\s>]/.test(text);
}

/** Writes tags as XML, with a namespace wherever the code page changes. */
class TagReader {
  text = '';
  /** Of the node that is read. */
  #format: string | undefined;

  constructor(readonly reader: WbxmlReader) {}

  /** @param outer the page that the surroundings are at home in */
  element(tag: Tag, outer: number): void {
    const page = Math.floor(tag / tagsPerPage);
    const name = tagNames[tag] ?? '';
    if (tag === node) this.#format = undefined;
    this.#write(`<${name}${page === outer ? '' : ` xmlns="${pageNamespaces[page]}"`}`);
    if (this.reader.hasContent && this.#content(tag, name, page)) this.#write(`</${name}>`);
    else this.#write('/>');
  }

  /** False: there was nothing in it. */
  #content(tag: Tag, name: string, page: number): boolean {
    const opaque = this.reader.opaqueAlone();
    if (opaque !== undefined) return this.#writeText(this.#opaqueText(opaque, tag));
    const text = this.reader.content();
    if (this.reader.close()) return this.#writeText(text);
    if (trimmed(text) !== '') this.reader.fail('syncml.unexpected-text', { parent: name });
    return this.#children(tag, name, page);
  }

  #children(parent: Tag, name: string, page: number): boolean {
    let some = false;
    for (let tag = this.reader.openChild(name); tag >= 0; tag = this.reader.openChild(name)) {
      if (!some) this.#write('>');
      some = true;
      if (parent === format) this.#format = tagNames[tag];
      this.element(tag, page);
    }
    return some;
  }

  /** A Value may be binary where its Format says so. */
  #opaqueText(opaque: Opaque, tag: Tag): string {
    const isBinary = tag === value && (this.#format === 'bin' || this.#format === 'b64');
    const text = isBinary ? readOpaque(this.reader, opaque, this.#format).text : this.reader.opaqueText(opaque);
    return text ?? this.reader.malformed('opaque bytes stand where text is expected');
  }

  #writeText(text: string): boolean {
    if (text !== '') this.#write(`>${escapeXml(text)}`);
    return text !== '';
  }

  #write(text: string): void {
    this.text += text;
    this.reader.boundText(this.text.length);
  }
}
