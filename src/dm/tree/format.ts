/** Formats of a node's value; an interior node has `node`. @see OMA DM TND 1.2 § 7.7.3 */
export const nodeFormats = ['b64', 'bin', 'bool', 'chr', 'int', 'node', 'null', 'xml', 'date', 'time', 'float'] as const;
export type NodeFormat = (typeof nodeFormats)[number];

const patterns: Readonly<Partial<Record<NodeFormat, RegExp>>> = {
  b64: /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
  bin: /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
  bool: /^(?:true|false)$/,
  int: /^[+-]?\d{1,20}$/,
  float: /^[+-]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][+-]?\d{1,4})?$/,
  date: /^\d{4}-?\d{2}-?\d{2}$/,
  time: /^\d{2}:?\d{2}(?::?\d{2})?Z?$/,
  null: /^$/,
  node: /^$/,
};

/** Whether a text can be the value of a leaf of this format; a bin value is held as base64 text. */
export function fitsFormat(value: string, format: NodeFormat): boolean {
  return patterns[format]?.test(value) ?? true;
}

/** Reads a Format as servers write it. Binary carried as base64 is `bin`; undefined: no such format. */
export function parseFormat(text: string): NodeFormat | undefined {
  const format = nodeFormats.find((known) => known === text.trim());
  return format === 'b64' ? 'bin' : format;
}

/** The Format that describes a value inside a message, where binary is base64 text. */
export function wireFormat(format: NodeFormat): string {
  return format === 'bin' ? 'b64' : format;
}

/** Bytes of the unencoded value, as the Size property counts them. */
export function sizeOf(value: string, format: NodeFormat): number {
  return Buffer.byteLength(value, format === 'bin' || format === 'b64' ? 'base64' : 'utf8');
}
