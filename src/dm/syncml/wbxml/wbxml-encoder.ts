import { type AnyElement, existsIn, type ListElement, rootElement, type Slots, type Version } from '../elements.js';
import type { Item, Payload, SyncMLMessage } from '../message.js';
import { changeItems, effectiveMeta, type ItemChange, type WithItems } from '../payload-meta.js';
import { tndsEncoding, tndsTypes } from '../tnds-type.js';
import { refuseForbidden } from '../xml/xml-escape.js';
import { tagOf } from './code-pages.js';
import { charsets, publicIds, wbxmlVersions } from './wbxml-tokens.js';
import { encodeWbxmlTree } from './wbxml-tree.js';
import { WbxmlWriter } from './wbxml-writer.js';

type Fields = Readonly<Record<string, unknown>>;
/** Writes one element with its tag. */
type Write = (value: unknown, writer: WbxmlWriter) => void;

/** One writer per version; made when first needed. */
const writers = new Map<Version, Write>();
const publicIdOf: Readonly<Record<Version, number>> = { '1.1': publicIds.syncml11, '1.2': publicIds.syncml12 };
/** What refuses NUL and all that XML could not carry. */
const special = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd]/;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * Writes a message in the order of the table: WBXML 1.2, UTF-8, inline strings. VerDTD decides on the public id and on which
 * elements exist. A serialised tree that its Type calls one becomes a WBXML document inside Data; other markup becomes text.
 * @throws PosternError `syncml.invalid-value` for a character that XML could not carry
 */
export function encodeWbxml(message: SyncMLMessage): Uint8Array {
  const version = message.SyncHdr.VerDTD === '1.1' ? '1.1' : '1.2';
  const writer = new WbxmlWriter();
  writer.number(wbxmlVersions.written);
  writer.number(publicIdOf[version]);
  writer.number(charsets.utf8);
  writer.number(0);
  writerFor(version)(message, writer);
  return writer.take();
}

function writerFor(version: Version): Write {
  const known = writers.get(version);
  if (known !== undefined) return known;
  const write = new WriterTable(version).writer(rootElement);
  writers.set(version, write);
  return write;
}

/** Turns the element table into functions, so that encoding looks nothing up. */
class WriterTable {
  readonly #writers = new Map<AnyElement, Write>();

  constructor(readonly version: Version) {}

  writer(element: AnyElement): Write {
    const known = this.#writers.get(element);
    if (known !== undefined) return known;
    // Atomic and Sequence hold one another: whoever asks while it is being made gets a detour to it.
    this.#writers.set(element, (value, writer) => this.writer(element)(value, writer));
    const write = this.#make(element);
    this.#writers.set(element, write);
    return write;
  }

  #make(element: AnyElement): Write {
    const tag = tagOf(element);
    switch (element.model) {
      case 'flag':
        return (_, writer) => writer.empty(tag);
      case 'text':
        return (value, writer) => writeText(value as string, element, writer);
      case 'payload':
        return (value, writer) => writePayload(value as Payload, element, writer);
      case 'record':
        return 'Item' in element.slots ? this.#withItems(element.slots, tag) : enclosed(tag, [this.#slots(element.slots)]);
      case 'list':
        return enclosed(tag, [this.#slots(element.slots), this.#commands(element), this.#slots(element.trailer)]);
    }
  }

  #withItems(slots: Slots, tag: number): Write {
    const write = enclosed(tag, [this.#slots(slots)]);
    return (value, writer) => write(prepare(value as WithItems), writer);
  }

  #slots(slots: Slots): Part {
    const present = Object.values(slots).filter((slot) => existsIn(slot.element, this.version));
    const fields = present.map(({ element, occurs }) => ({ name: element.name, many: occurs === 'many', write: this.writer(element) }));
    return {
      isEmpty: (value) => fields.every(({ name, many }) => value[name] === undefined || (many && (value[name] as []).length === 0)),
      write: (value, writer) => {
        for (const { name, many, write } of fields) {
          const field = value[name];
          if (field === undefined) continue;
          if (many) for (const one of field as readonly unknown[]) write(one, writer);
          else write(field, writer);
        }
      },
    };
  }

  #commands(element: ListElement): Part {
    const members = new Map(element.members().map((member) => [member.name, this.writer(member)]));
    const commandsOf = (value: Fields) => value['commands'] as readonly { readonly name: string }[];
    return {
      isEmpty: (value) => commandsOf(value).length === 0,
      write: (value, writer) => {
        for (const command of commandsOf(value)) {
          const write = members.get(command.name);
          if (write === undefined) throw new TypeError(`${command.name} cannot stand in ${element.name}`);
          write(command, writer);
        }
      },
    };
  }
}

/** Some of the content of an element. */
interface Part {
  isEmpty(value: Fields): boolean;
  write(value: Fields, writer: WbxmlWriter): void;
}

function enclosed(tag: number, parts: readonly Part[]): Write {
  return (value, writer) => {
    const fields = value as Fields;
    if (parts.every((part) => part.isEmpty(fields))) return writer.empty(tag);
    writer.open(tag);
    for (const part of parts) part.write(fields, writer);
    writer.close();
  };
}

function writeText(text: string, element: AnyElement, writer: WbxmlWriter): void {
  if (special.test(text)) refuseForbidden(text, element.name);
  if (text === '') return writer.empty(tagOf(element));
  writer.open(tagOf(element));
  writer.inlineString(text);
  writer.close();
}

function writePayload(payload: Payload | EncodedTree, element: AnyElement, writer: WbxmlWriter): void {
  if (!(payload instanceof EncodedTree)) return writeText(typeof payload === 'string' ? payload : payload.markup, element, writer);
  writer.open(tagOf(element));
  writer.opaque(payload.bytes);
  writer.close();
}

/** A serialised tree that is in WBXML already. */
class EncodedTree {
  constructor(readonly bytes: Uint8Array) {}
}

/** The command as WBXML has it: trees as documents, and binary by the name that base64 text has. */
function prepare(command: WithItems): WithItems {
  const changes = new Map<Item, ItemChange>();
  for (const item of command.Item ?? []) {
    const change = typeof item.Data === 'object' ? treeChange(item, command) : binaryChange(item, command);
    if (change !== undefined) changes.set(item, change);
  }
  return changes.size === 0 ? command : changeItems(command, changes);
}

function treeChange(item: Item, command: WithItems): ItemChange | undefined {
  const { Type = '', Size } = effectiveMeta(item, command);
  if (typeof item.Data !== 'object' || item.MoreData || tndsEncoding(Type) !== 'xml') return undefined;
  const bytes = encodeWbxmlTree(item.Data);
  if (bytes === undefined) return undefined;
  const Meta = {
    Type: tndsTypes.wbxml,
    ...(Size === undefined ? {} : { Size: String(bytes.length) }),
  };
  // It is a payload between here and `writePayload` only.
  return { Data: new EncodedTree(bytes) as unknown as Payload, Meta };
}

/** Base64 text under the Format bin would be taken for the bytes themselves. */
function binaryChange(item: Item, command: WithItems): ItemChange | undefined {
  const format = item.Meta?.Format ?? command.Meta?.Format;
  if (format !== 'bin' || typeof item.Data !== 'string' || !base64.test(item.Data.replace(/\s+/g, ''))) return undefined;
  return { Data: item.Data, Meta: { Format: 'b64' } };
}
