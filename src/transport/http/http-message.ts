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
  const values: string[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) if (isNamed(fields[at], name)) values.push(fields[at + 1] ?? '');
  return values;
}

/** Whether there is a field of this name, in lower case. */
export function hasField(fields: Fields, name: string): boolean {
  for (let at = 0; at < fields.length; at += 2) if (isNamed(fields[at], name)) return true;
  return false;
}

/** The names of all fields, in order. */
export function namesOf(fields: Fields): string[] {
  return fields.filter((_, at) => at % 2 === 0);
}

/** Start line and fields as bytes of the wire, the empty line included. */
export function encodeHead(startLine: string, fields: Fields): Buffer {
  return Buffer.from(headText(startLine, fields), 'latin1');
}

/** The same as text in Latin-1. */
export function headText(startLine: string, fields: Fields): string {
  let text = `${startLine}\r\n`;
  for (let at = 0; at + 1 < fields.length; at += 2) text += `${fields[at]}: ${fields[at + 1]}\r\n`;
  return `${text}\r\n`;
}

/** Each message asks this of its fields some hundred times: those of another length are told apart at once. */
function isNamed(field: string | undefined, name: string): boolean {
  return field?.length === name.length && field.toLowerCase() === name;
}

/** An IPv4 address out of IPv6's form; others unchanged. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice('::ffff:'.length) : address;
}
