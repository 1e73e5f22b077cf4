export { type Codec, type DecodeLimits, defaultDecodeLimits } from './codec.js';
export { codecFor } from './content-type.js';
export type * from './elements.js';
export { elements, existsIn, namespaces, rootElement, syncmlNamespaces } from './elements.js';
export type * from './message.js';
export { xmlCodec } from './xml-codec.js';
export { escapeXml } from './xml-escape.js';
export { readXml, type XmlElement } from './xml-reader.js';
