import type { Codec } from '../codec.js';
import { decodeWbxml } from './wbxml-decoder.js';
import { encodeWbxml } from './wbxml-encoder.js';

/** SyncML in WBXML. @see OMA DM RepPro 1.2 § 8 */
export const wbxmlCodec: Codec = {
  encoding: 'wbxml',
  contentType: 'application/vnd.syncml.dm+wbxml',
  decode: decodeWbxml,
  encode: encodeWbxml,
};
