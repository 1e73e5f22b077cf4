export type Parts = readonly (number | string | Uint8Array)[];

/** WBXML put together by hand: a number is a byte, a text an inline string, bytes are themselves. */
export function wbxml(...parts: Parts): Buffer {
  return Buffer.concat(
    parts.map((part) => {
      if (typeof part === 'number') return Buffer.of(part);
      return typeof part === 'string' ? Buffer.from(`\x03${part}\0`) : part;
    }),
  );
}

/** WBXML 1.2, SyncML 1.2, UTF-8, no string table. */
export const preamble = Buffer.from('02a4016a00', 'hex');
/** The open root with a header, up to the open body; tags of page 0 follow. */
export const opening = wbxml(
  ...[0x6d, 0x6c, 0x71, '1.2', 1, 0x72, 'DM/1.2', 1, 0x65, '1', 1, 0x5b, '1', 1],
  ...[0x6e, 0x57, 't', 1, 1, 0x67, 0x57, 's', 1, 1, 1, 0x6b],
);
/** Closes body and root. */
export const closing = wbxml(1, 1);

/** A whole message around what stands in its body; tags of page 0 first and last. */
export function inWbxmlBody(...parts: Parts): Buffer {
  return Buffer.concat([preamble, opening, wbxml(...parts), closing]);
}

/** A whole message whose only Item holds this Data, under these elements of page 1 in its Meta. */
export function inWbxmlData(data: readonly (number | string | Uint8Array)[], meta: readonly (number | string)[] = []): Buffer {
  const inMeta = meta.length === 0 ? [] : [0x5a, 0, 1, ...meta, 1, 0, 0];
  return inWbxmlBody(0x45, 0x4b, '1', 1, 0x54, ...inMeta, 0x4f, ...data, 0, 0, 1, 1, 1);
}

export function opaque(bytes: Uint8Array | string): Buffer {
  const content = Buffer.from(bytes);
  if (content.length > 0x3fff) throw new Error('the sample is too long');
  const length = content.length < 0x80 ? [content.length] : [0x80 | (content.length >> 7), content.length & 0x7f];
  return wbxml(0xc3, ...length, content);
}
