import { PosternError } from '#src/base/index.js';
import type { WbxmlReader } from './wbxml-reader.js';
import { charsets, publicIds, publicIdTexts, wbxmlVersions } from './wbxml-tokens.js';

/** What a document calls itself; `unknown` where it says that it does not say. */
export type DocumentType = 'syncml' | 'tnds' | 'unknown';

/** What stands before the root of a WBXML document. */
export interface Preamble {
  readonly document: DocumentType;
  /** Whether the texts are US-ASCII; else they are UTF-8. */
  readonly ascii: boolean;
  /** Indices of the string table's first byte and of the byte after its last. */
  readonly table: { readonly start: number; readonly end: number };
}

/** Numbers by which a document says that it is SyncML. */
const syncmlNumbers: ReadonlySet<number> = new Set([publicIds.syncml10, publicIds.syncml11, publicIds.syncml12]);

/**
 * Reads version, public id, character set and string table.
 * @throws PosternError `syncml.*`
 * @see WAP-192 WBXML 1.3 § 5.4–5.7
 */
export function readPreamble(reader: WbxmlReader): Preamble {
  readVersion(reader);
  const number = reader.number();
  const index = number === 0 ? reader.number() : undefined;
  const ascii = readCharset(reader);
  const length = reader.number();
  const start = reader.at;
  reader.skip(length);
  const table = { start, end: reader.at };
  return { document: index === undefined ? byNumber(number, reader) : byText(reader.tableText(index, table), reader), ascii, table };
}

function readVersion(reader: WbxmlReader): void {
  const version = reader.byte();
  if (version >= wbxmlVersions.first && version <= wbxmlVersions.last) return;
  reader.at--;
  reader.malformed('it begins with no version of WBXML from 1.1 to 1.3');
}

function readCharset(reader: WbxmlReader): boolean {
  const charset = reader.number();
  if (charset === charsets.utf8 || charset === charsets.ascii) return charset === charsets.ascii;
  throw new PosternError('syncml.encoding', { encoding: `MIBenum ${charset}` });
}

function byNumber(number: number, reader: WbxmlReader): DocumentType {
  if (number === publicIds.unknown) return 'unknown';
  if (syncmlNumbers.has(number)) return 'syncml';
  return reader.fail('syncml.unknown-document', { document: `0x${number.toString(16)}` });
}

function byText(text: string, reader: WbxmlReader): DocumentType {
  if (publicIdTexts.syncml.test(text)) return 'syncml';
  if (text === publicIdTexts.tnds) return 'tnds';
  return reader.fail('syncml.unknown-document', { document: JSON.stringify(text.slice(0, 64)) });
}
