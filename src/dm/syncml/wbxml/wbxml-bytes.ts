import { PosternError } from '#src/base/index.js';
import type { Opaque, WbxmlReader } from './wbxml-reader.js';

const base64Text = /^[A-Za-z0-9+/=\s]*$/;

/**
 * What OPAQUE bytes stand for. In a message of ours binary is base64 text under the Format b64, as in XML, whichever way it
 * came: WBXML may carry the bytes themselves, under the Format bin, b64 or none. Under b64 what reads as base64 is taken for
 * it; no lengths are checked, since it may be a chunk.
 *
 * @returns the text, and whether it is base64 of the bytes
 * @throws PosternError `syncml.text-too-long`
 * @see OMA DM RepPro 1.2 § 5.3 (Data), MetaInfo 1.2 § 5 (Format)
 */
export function readOpaque(reader: WbxmlReader, opaque: Opaque, format: string | undefined): { text: string; encoded: boolean } {
  const text = format === 'bin' ? undefined : reader.opaqueText(opaque);
  if (text !== undefined && (format !== 'b64' || base64Text.test(text))) return { text, encoded: false };
  const encoded = Buffer.from(opaque.bytes).toString('base64');
  const { text: limit } = reader.spending.limits;
  if (!(encoded.length <= limit)) throw new PosternError('syncml.text-too-long', { limit, at: opaque.at });
  return { text: encoded, encoded: true };
}
