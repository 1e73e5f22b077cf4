/** Header fields in the order and spelling of the wire: name, value, name, value. Node's `rawHeaders` has this shape. */
export type Fields = readonly string[];

/** An HTTP message, its body without transfer coding. */
export interface HttpMessage {
  readonly startLine: string;
  readonly fields: Fields;
  readonly body: Uint8Array;
}

/** The values of every field of this name, in order; the name in lower case. */
export function valuesOf(fields: Fields, name: string): string[] {
  return fields.filter((_, at) => at % 2 === 1 && fields[at - 1]?.toLowerCase() === name);
}

/** The names of all fields, in order. */
export function namesOf(fields: Fields): string[] {
  return fields.filter((_, at) => at % 2 === 0);
}

/** Start line and fields as bytes of the wire, the empty line included. */
export function encodeHead(startLine: string, fields: Fields): Buffer {
  const lines = namesOf(fields).map((name, at) => `${name}: ${fields[2 * at + 1]}\r\n`);
  return Buffer.from(`${startLine}\r\n${lines.join('')}\r\n`, 'latin1');
}

/** An IPv4 address out of IPv6's form; others unchanged. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice('::ffff:'.length) : address;
}
