import type { Codec } from '../codec.js';
import { decodeXml } from './xml-decoder.js';
import { encodeXml } from './xml-encoder.js';

/** SyncML in XML. @see OMA DM RepPro 1.2 § 5 */
export const xmlCodec: Codec = {
  encoding: 'xml',
  contentType: 'application/vnd.syncml.dm+xml',
  decode: decodeXml,
  encode: encodeXml,
};
