import { PosternError } from '#src/base/index.js';
import type { DecodeLimits } from '../codec.js';
import { type ChildShape, type RecordShape, type Shape, shapeOf, type TextShape } from '../element-shapes.js';
import { elements, rootElement } from '../elements.js';
import type { Cred, Item, Markup, Meta, Payload, SyncMLMessage } from '../message.js';
import { applyRule, withPlace } from '../text-rules.js';
import { tndsEncoding, tndsTypes } from '../tnds-type.js';
import { trimmed } from '../xml/xml-characters.js';
import { type Tag, tagNames, tagOf, tndsTag } from './code-pages.js';
import { readOpaque } from './wbxml-bytes.js';
import { readTags, readTree } from './wbxml-markup.js';
import { settleItems } from './wbxml-opaque.js';
import { Opaque, WbxmlReader } from './wbxml-reader.js';

const root = shapeOf(rootElement);
const metaTag = tagOf(elements.Meta);
type Fields = Record<string, unknown>;

/**
 * Reads one SyncML message in WBXML, as strictly as one in XML. Values may share the memory of the whole message: copy what
 * is to be kept for long.
 * @throws PosternError `syncml.*`, never anything else
 * @see OMA DM RepPro 1.2 § 6 and 8, WAP-192 WBXML 1.3
 */
export function decodeWbxml(bytes: Uint8Array, limits: DecodeLimits): SyncMLMessage {
  const reader = openReader(bytes, limits);
  if (reader.document === 'tnds') reader.fail('syncml.unknown-document', { document: 'a serialised tree' });
  const message = withPlace(
    () => new MessageReader(reader).message(),
    () => reader.place,
  );
  reader.finish();
  return message;
}

/**
 * Reads a serialised tree that stands alone in WBXML, as XML.
 * @throws PosternError `syncml.*`
 */
export function decodeWbxmlTree(bytes: Uint8Array, limits: DecodeLimits): Markup {
  return { markup: readTree(openReader(bytes, limits)) };
}

/**
 * Whether a WBXML document is a serialised tree.
 * @throws PosternError `syncml.*`
 */
export function holdsWbxmlTree(bytes: Uint8Array, limits: DecodeLimits): boolean {
  const reader = openReader(bytes, limits);
  return reader.document === 'tnds' || (reader.document === 'unknown' && reader.openRoot() === tndsTag('MgmtTree'));
}

function openReader(bytes: Uint8Array, limits: DecodeLimits): WbxmlReader {
  if (!(bytes.byteLength <= limits.bytes)) throw new PosternError('syncml.too-large', { bytes: bytes.byteLength, limit: limits.bytes });
  return new WbxmlReader(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength), { limits, elements: 0, fromTables: 0 });
}

/** Builds values along the table. The tag of the element to be read has been taken from the reader. */
class MessageReader {
  /** Opaque values that wait for what their Meta says of them. */
  #pending = 0;
  /** Whether some Type has said that a tree is in WBXML. */
  #namesTrees = false;

  constructor(readonly reader: WbxmlReader) {}

  message(): SyncMLMessage {
    const tag = this.reader.openRoot();
    if (tag !== root.tag) this.#refuse(tag, 'the document');
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
        return this.#payload();
      case 'flag':
        return this.#flag(shape.name);
    }
  }

  #record(shape: RecordShape, fields: Fields): Fields {
    const reader = this.reader;
    let seen = 0;
    if (reader.hasContent) {
      for (let tag = reader.openChild(shape.name); tag >= 0; tag = reader.openChild(shape.name)) {
        seen = this.#child(shape, tag, fields, seen);
      }
    }
    if ((seen & shape.required) !== shape.required) this.#refuseIncomplete(shape, seen);
    if (shape.tag === metaTag && namesTree(fields)) this.#namesTrees = true;
    return this.#pending === 0 && !this.#namesTrees ? fields : this.#settle(shape.name, fields);
  }

  /** Reads a child into the fields; returns the bits of the children seen with this one. */
  #child(parent: RecordShape, tag: Tag, fields: Fields, seen: number): number {
    const child = parent.byTag[tag];
    if (child === undefined) this.#refuse(tag, parent.name);
    const { shape, occurs, bit } = child;
    if (occurs === 'command') (fields['commands'] as unknown[]).push(this.#command(child));
    else if ((seen & bit) === 0) fields[shape.name] = occurs === 'once' ? this.#value(shape) : [this.#value(shape)];
    else if (occurs === 'many') (fields[shape.name] as unknown[]).push(this.#value(shape));
    else this.reader.fail('syncml.repeated-element', { element: shape.name, parent: parent.name });
    return seen | bit;
  }

  #command({ shape }: ChildShape): Fields {
    const fields: Fields = { name: shape.name };
    if (shape.model !== 'record') throw new TypeError(`the command ${shape.name} is no record in the element table`);
    if (shape.list) fields['commands'] = [];
    return this.#record(shape, fields);
  }

  #text(shape: TextShape): unknown {
    const reader = this.reader;
    if (!reader.hasContent) return applyRule(shape.rule, '', shape.name);
    const opaque = reader.opaqueAlone();
    if (opaque !== undefined) return this.#opaqueText(shape, opaque);
    const text = reader.content();
    if (!reader.close()) this.#refuse(reader.openChild(shape.name), shape.name);
    return applyRule(shape.rule, text, shape.name);
  }

  /** A digest or a nonce may come as bytes; every other text has to be one. */
  #opaqueText(shape: TextShape, opaque: Opaque): unknown {
    if (shape.name === elements.NextNonce.name || shape.name === elements.Data.name) return this.#defer(opaque);
    return applyRule(shape.rule, this.#asText(opaque), shape.name);
  }

  #flag(name: string): true {
    const reader = this.reader;
    if (!reader.hasContent) return true;
    const tag = reader.openChild(name);
    if (tag >= 0) this.#refuse(tag, name);
    return true;
  }

  #payload(): Payload | Opaque {
    const reader = this.reader;
    if (!reader.hasContent) return '';
    const opaque = reader.opaqueAlone();
    if (opaque !== undefined) return this.#defer(opaque);
    const text = reader.content();
    if (reader.close()) return text;
    if (trimmed(text) !== '') reader.fail('syncml.unexpected-text', { parent: elements.Data.name });
    return { markup: readTags(reader, reader.openChild(elements.Data.name)) };
  }

  #defer(opaque: Opaque): Opaque {
    this.#pending++;
    return opaque;
  }

  /** Gives opaque values what they stand for, once all is known that is said of them. */
  #settle(name: string, fields: Fields): Fields {
    if (fields['NextNonce'] instanceof Opaque) this.#settleNonce(fields);
    if (name !== elements.Item.name && fields['Data'] instanceof Opaque) this.#settleData(name, fields);
    const items = fields['Item'] as readonly Item[] | undefined;
    const waiting = items?.filter(({ Data }) => (Data as unknown) instanceof Opaque).length ?? 0;
    this.#pending -= waiting;
    return waiting === 0 && !(items !== undefined && this.#namesTrees) ? fields : settleItems(fields, this.reader);
  }

  #settleNonce(meta: Fields): void {
    const { text } = readOpaque(this.reader, this.#take(meta['NextNonce']), (meta as Meta).Format);
    meta['NextNonce'] = applyRule('token', text, 'NextNonce');
  }

  #settleData(name: string, fields: Fields): void {
    const opaque = this.#take(fields['Data']);
    const { Meta } = fields as Partial<Cred>;
    const read =
      name === elements.Cred.name ? readOpaque(this.reader, opaque, Meta?.Format) : { text: this.#asText(opaque), encoded: false };
    fields['Data'] = applyRule('token', read.text, elements.Data.name);
    if (read.encoded) fields['Meta'] = { ...Meta, Format: 'b64' };
  }

  #take(waiting: unknown): Opaque {
    this.#pending--;
    return waiting as Opaque;
  }

  #asText(opaque: Opaque): string {
    return this.reader.opaqueText(opaque) ?? this.reader.malformed('opaque bytes stand where text is expected');
  }

  #refuseIncomplete(shape: RecordShape, seen: number): never {
    for (const [name, { bit }] of shape.children) {
      if ((bit & shape.required & ~seen) !== 0) this.reader.fail('syncml.missing-element', { element: name, parent: shape.name });
    }
    throw new TypeError(`nothing is missing from ${shape.name}`);
  }

  #refuse(tag: Tag, parent: string): never {
    this.reader.fail('syncml.unknown-element', { element: tagNames[tag] ?? '', parent });
  }
}

function namesTree({ Type }: Meta): boolean {
  return Type !== undefined && Type.length >= tndsTypes.wbxml.length && tndsEncoding(Type) === 'wbxml';
}
