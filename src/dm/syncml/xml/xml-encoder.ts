import {
  type AnyElement,
  existsIn,
  type ListElement,
  namespaces,
  rootElement,
  type Slots,
  syncmlNamespaces,
  type Version,
} from '../elements.js';
import type { Payload, SyncMLMessage } from '../message.js';
import { escapeXml, refuseForbidden } from './xml-escape.js';

const declaration = '<?xml version="1.0" encoding="UTF-8"?>';
type Fields = Readonly<Record<string, unknown>>;
/** Writes one element with its tags. */
type Write = (value: unknown) => string;

/** One writer per version; made when first needed. */
const writers = new Map<Version, Write>();

/**
 * Writes a message in the order of the table, without white space. VerDTD decides on the namespace and on which elements
 * exist: what its version does not have (Correlator in 1.1) is left out, nothing else is.
 * @throws PosternError `syncml.invalid-value` for a character that XML cannot carry
 */
export function encodeXml(message: SyncMLMessage): Uint8Array {
  const version = message.SyncHdr.VerDTD === '1.1' ? '1.1' : '1.2';
  return Buffer.from(declaration + writerFor(version)(message), 'utf8');
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
    this.#writers.set(element, (value) => this.writer(element)(value));
    const write = this.#make(element);
    this.#writers.set(element, write);
    return write;
  }

  #make(element: AnyElement): Write {
    const [open, close, empty] = this.#tags(element);
    if (element.model === 'flag') return () => empty;
    const content = this.#content(element);
    return (value) => {
      const text = content(value);
      return text === '' ? empty : open + text + close;
    };
  }

  #content(element: Exclude<AnyElement, { model: 'flag' }>): Write {
    if (element.model === 'text') return (value) => escapeXml(value as string, element.name);
    if (element.model === 'payload') return (value) => writePayload(value as Payload, element.name);
    const slots = this.#slots(element.slots);
    if (element.model === 'record') return slots;
    const trailer = this.#slots(element.trailer);
    const commands = this.#commands(element);
    return (value) => slots(value) + commands(value) + trailer(value);
  }

  #slots(slots: Slots): Write {
    const present = Object.values(slots).filter((slot) => existsIn(slot.element, this.version));
    const fields = present.map(({ element, occurs }) => ({ name: element.name, many: occurs === 'many', write: this.writer(element) }));
    return (value) => {
      let text = '';
      for (const { name, many, write } of fields) {
        const field = (value as Fields)[name];
        if (field === undefined) continue;
        if (many) for (const one of field as readonly unknown[]) text += write(one);
        else text += write(field);
      }
      return text;
    };
  }

  #commands(element: ListElement): Write {
    const members = new Map(element.members().map((member) => [member.name, this.writer(member)]));
    return (value) => {
      let text = '';
      for (const command of (value as Fields)['commands'] as readonly { readonly name: string }[]) {
        const write = members.get(command.name);
        if (write === undefined) throw new TypeError(`${command.name} cannot stand in ${element.name}`);
        text += write(command);
      }
      return text;
    };
  }

  /** The start tag, the end tag and the tag of an empty element. */
  #tags({ name, page }: AnyElement): readonly [string, string, string] {
    const namespace = page === 1 ? namespaces[1] : name === rootElement.name ? syncmlNamespaces[this.version] : undefined;
    const start = namespace === undefined ? name : `${name} xmlns="${namespace}"`;
    return [`<${start}>`, `</${name}>`, `<${start}/>`];
  }
}

function writePayload(payload: Payload, element: string): string {
  if (typeof payload === 'string') return escapeXml(payload, element);
  refuseForbidden(payload.markup, element);
  return payload.markup;
}
