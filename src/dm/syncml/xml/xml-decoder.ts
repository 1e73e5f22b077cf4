import { isAscii, isUtf8 } from 'node:buffer';
import { PosternError } from '#src/base/index.js';
import type { DecodeLimits } from '../codec.js';
import { type ChildShape, type RecordShape, type Shape, shapeOf, type TextShape } from '../element-shapes.js';
import { elements, rootElement } from '../elements.js';
import type { Payload, SyncMLMessage } from '../message.js';
import { applyRule, withPlace } from '../text-rules.js';
import { tagOf } from '../wbxml/code-pages.js';
import { trimmed } from './xml-characters.js';
import { readMarkup } from './xml-markup.js';
import { NameTable } from './xml-name-table.js';
import { NamespaceScope } from './xml-namespaces.js';
import { readProlog } from './xml-prolog.js';
import { XmlScanner } from './xml-scanner.js';

const root = shapeOf(rootElement);
const names = new NameTable(Object.entries(elements).map(([name, element]) => [name, tagOf(element)]));
type Fields = Record<string, unknown>;

/**
 * Reads one SyncML message in XML. Elements are known by their local names, in any order; what the table does not know
 * is refused. Values may share the memory of the whole message: copy what is to be kept for long.
 * @throws PosternError `syncml.*`, never anything else
 * @see OMA DM RepPro 1.2 § 6
 */
export function decodeXml(bytes: Uint8Array, limits: DecodeLimits): SyncMLMessage {
  if (!(bytes.byteLength <= limits.bytes)) throw new PosternError('syncml.too-large', { bytes: bytes.byteLength, limit: limits.bytes });
  if (!isUtf8(bytes)) throw new PosternError('syncml.encoding', { encoding: 'unknown' });
  const scanner = scannerOf(bytes, limits);
  checkEncoding(readProlog(scanner).encoding, bytes);
  const message = withPlace(
    () => new MessageReader(scanner).message(),
    () => scanner.place,
  );
  scanner.finish();
  return message;
}

function scannerOf(bytes: Uint8Array, limits: DecodeLimits): XmlScanner {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!isAscii(buffer)) return new XmlScanner(buffer.toString('utf8'), limits, names);
  // A plain view, not the Buffer: the scanner's loops stay quick as long as they meet one kind of array.
  const units = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return new XmlScanner(buffer.toString('latin1'), limits, names, units);
}

function checkEncoding(encoding: string | undefined, bytes: Uint8Array): void {
  const declared = encoding?.toLowerCase() ?? 'utf-8';
  if (declared === 'utf-8' || (declared === 'us-ascii' && isAscii(bytes))) return;
  throw new PosternError('syncml.encoding', { encoding: declared.slice(0, 32) });
}

/** Builds values along the table. The start tag of the element to be read has been taken from the scanner. */
class MessageReader {
  readonly #scope = new NamespaceScope();

  constructor(readonly scanner: XmlScanner) {}

  message(): SyncMLMessage {
    this.scanner.open();
    if (this.scanner.name !== root.name) this.#refuse('the document');
    // The table that the shapes come from is the one that the types come from.
    return this.#value(root) as SyncMLMessage;
  }

  #value(shape: Shape): unknown {
    switch (shape.model) {
      case 'text':
        return this.#text(shape);
      case 'record':
        return this.#record(shape, shape.list ? { commands: [] } : {});
      case 'payload':
        return this.#payload(shape.name);
      case 'flag':
        return this.#flag(shape.name);
    }
  }

  #record(shape: RecordShape, fields: Fields): Fields {
    const scanner = this.scanner;
    let seen = 0;
    if (!scanner.selfClosed) {
      const { tag } = scanner;
      const mark = this.#scope.mark();
      if (scanner.attributes.size > 0) this.#scope.declare(scanner.attributes);
      while (scanner.openChild(shape.name)) seen = this.#child(shape, fields, seen);
      scanner.close(tag);
      this.#scope.rewind(mark);
    }
    if ((seen & shape.required) !== shape.required) this.#refuseIncomplete(shape, seen);
    return fields;
  }

  /** Reads a child into the fields; returns the bits of the children seen with this one. */
  #child(parent: RecordShape, fields: Fields, seen: number): number {
    // A name without a number of its own shares its slot with another: it is looked up the slow way.
    const { known } = this.scanner;
    const child = known >= 0 ? parent.byTag[known] : parent.children.get(this.scanner.name);
    if (child === undefined) this.#refuse(parent.name);
    const { shape, occurs, bit } = child;
    if (occurs === 'command') (fields['commands'] as unknown[]).push(this.#command(child));
    else if ((seen & bit) === 0) fields[shape.name] = occurs === 'once' ? this.#value(shape) : [this.#value(shape)];
    else if (occurs === 'many') (fields[shape.name] as unknown[]).push(this.#value(shape));
    else this.scanner.fail('syncml.repeated-element', { element: shape.name, parent: parent.name });
    return seen | bit;
  }

  #command({ shape }: ChildShape): Fields {
    const fields: Fields = { name: shape.name };
    if (shape.model !== 'record') throw new TypeError(`the command ${shape.name} is no record in the element table`);
    if (shape.list) fields['commands'] = [];
    return this.#record(shape, fields);
  }

  #text(shape: TextShape): string {
    const scanner = this.scanner;
    if (scanner.selfClosed) return applyRule(shape.rule, '', shape.name);
    const { tag } = scanner;
    const text = scanner.content();
    if (!scanner.atClose()) this.#refuseChild(shape.name);
    scanner.close(tag);
    return applyRule(shape.rule, text, shape.name);
  }

  #flag(name: string): true {
    const scanner = this.scanner;
    if (scanner.selfClosed) return true;
    const { tag } = scanner;
    if (scanner.openChild(name)) this.#refuse(name);
    scanner.close(tag);
    return true;
  }

  #payload(name: string): Payload {
    const scanner = this.scanner;
    if (scanner.selfClosed) return '';
    const { tag } = scanner;
    // The Item takes these back: nothing that follows within it looks at them.
    if (scanner.attributes.size > 0) this.#scope.declare(scanner.attributes);
    const payload = this.#payloadContent(name);
    scanner.close(tag);
    return payload;
  }

  #payloadContent(name: string): Payload {
    const text = this.scanner.content();
    if (this.scanner.atClose()) return text;
    if (trimmed(text) !== '') this.scanner.fail('syncml.unexpected-text', { parent: name });
    return { markup: readMarkup(this.scanner, this.#scope) };
  }

  #refuseChild(parent: string): never {
    this.scanner.open();
    this.#refuse(parent);
  }

  #refuseIncomplete(shape: RecordShape, seen: number): never {
    for (const [name, { bit }] of shape.children) {
      if ((bit & shape.required & ~seen) !== 0) this.scanner.fail('syncml.missing-element', { element: name, parent: shape.name });
    }
    throw new TypeError(`nothing is missing from ${shape.name}`);
  }

  #refuse(parent: string): never {
    this.scanner.fail('syncml.unknown-element', { element: this.scanner.name.slice(0, 64), parent });
  }
}
