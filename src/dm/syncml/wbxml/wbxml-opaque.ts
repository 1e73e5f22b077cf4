import type { Item, Meta, Payload } from '../message.js';
import { changeItems, effectiveMeta, type ItemChange, type WithItems } from '../payload-meta.js';
import { tndsEncoding, tndsTypes } from '../tnds-type.js';
import { readOpaque } from './wbxml-bytes.js';
import { beginsTree, readTree } from './wbxml-markup.js';
import { Opaque, type Spending, WbxmlReader } from './wbxml-reader.js';
import { publicIds, publicIdTexts, wbxmlVersions } from './wbxml-tokens.js';

/** Where the name of a document stands at the latest. */
const longestPreamble = 256;

/** Turns what is opaque among the Data of a command's Items into text or markup, and their Meta to what it is then. */
export function settleItems<C extends WithItems>(command: C, reader: WbxmlReader): C {
  const changes = new Map<Item, ItemChange>();
  for (const item of command.Item ?? []) {
    const opaque: unknown = item.Data;
    if (isTreeAsText(item, command)) changes.set(item, treeChange(item.Data ?? '', item.Data as string, effectiveMeta(item, command)));
    else if (opaque instanceof Opaque) changes.set(item, settleItem(item, effectiveMeta(item, command), opaque, reader));
  }
  return changeItems(command, changes);
}

/** Some call a tree WBXML because the message is. */
function isTreeAsText(item: Item, command: WithItems): boolean {
  return typeof item.Data === 'string' && tndsEncoding(effectiveMeta(item, command).Type ?? '') === 'wbxml' && beginsTree(item.Data);
}

function settleItem(item: Item, meta: Meta, opaque: Opaque, reader: WbxmlReader): ItemChange {
  const isWbxml = tndsEncoding(meta.Type ?? '') === 'wbxml';
  const markup = item.MoreData ? undefined : documentIn(opaque, meta, isWbxml, reader.spending);
  if (markup !== undefined) return treeChange({ markup }, markup, meta);
  const { text, encoded } = readOpaque(reader, opaque, meta.Format?.trim());
  if (encoded) return { Data: text, Meta: { Format: 'b64', ...sizeChange(meta, base64Length) } };
  return isWbxml && beginsTree(text) ? treeChange(text, text, meta) : { Data: text, Meta: {} };
}

/** The tree in a WBXML document, if that is what the bytes are. */
function documentIn(opaque: Opaque, meta: Meta, isWbxml: boolean, spending: Spending): string | undefined {
  const format = meta.Format?.trim();
  const isBinary = !isWbxml && (format === 'bin' || format === 'b64');
  if (isBinary || !isDocument(opaque.bytes, isWbxml)) return undefined;
  return readTree(new WbxmlReader(opaque.bytes, spending, opaque));
}

/** No text begins with a version of WBXML: XML forbids these characters. Without the Type they have to name what they are. */
function isDocument(bytes: Uint8Array, mayBeUnnamed: boolean): boolean {
  const [version = 0, publicId] = bytes;
  if (version < wbxmlVersions.first || version > wbxmlVersions.last) return false;
  if (mayBeUnnamed && publicId === publicIds.unknown) return true;
  return Buffer.from(bytes.subarray(0, longestPreamble)).includes(publicIdTexts.tnds);
}

function treeChange(Data: Payload, text: string, meta: Meta): ItemChange {
  const format = meta.Format?.trim();
  return {
    Data,
    Meta: {
      ...(tndsEncoding(meta.Type ?? '') === 'wbxml' ? { Type: tndsTypes.xml } : {}),
      ...(format === 'bin' || format === 'b64' ? { Format: 'xml' } : {}),
      ...sizeChange(meta, () => Buffer.byteLength(text)),
    },
  };
}

/** Size counts what stands in the message. */
function sizeChange({ Size }: Meta, change: (size: number) => number): Pick<Meta, 'Size'> {
  return Size === undefined ? {} : { Size: String(change(Number(Size))) };
}

function base64Length(bytes: number): number {
  return Math.ceil(bytes / 3) * 4;
}
