import type { Codec } from './codec.js';
import { wbxmlCodec } from './wbxml/wbxml-codec.js';
import { xmlCodec } from './xml/xml-codec.js';

/** A media type with charset parameters, quoted or not, and none of another name. */
const mediaType = /^[ \t]*([\w.+-]+\/[\w.+-]+)(?:[ \t]*;[ \t]*charset=(?:[\w.:-]+|"[\w.:-]+"))*[ \t]*;?[ \t]*$/i;
const codecs: ReadonlyMap<string, Codec> = new Map([
  ['application/vnd.syncml.dm+xml', xmlCodec],
  ['application/vnd.syncml+xml', xmlCodec],
  ['application/vnd.syncml.dm+wbxml', wbxmlCodec],
  ['application/vnd.syncml+wbxml', wbxmlCodec],
]);
/** What a client takes for an answer, as an Accept header. */
export const acceptedTypes = [...codecs.keys()].join(', ');
/** The codec of each encoding. */
export const codecOf: Readonly<Record<Codec['encoding'], Codec>> = { xml: xmlCodec, wbxml: wbxmlCodec };
/** No honest Content-Type is longer. */
const longest = 256;

/** The codec for a Content-Type, or undefined if we speak none for it. The encoding that counts is the one in the message. */
export function codecFor(contentType: string | undefined): Codec | undefined {
  if (contentType === undefined || contentType.length > longest) return undefined;
  const type = mediaType.exec(contentType)?.[1];
  return type === undefined ? undefined : codecs.get(type.toLowerCase());
}
