/** The control packet types that we look for ourselves. @see MQTT 3.1.1 § 2.2.1 */
export const connectType = 1;

/** What the first bytes of a control packet say about it. */
export interface FrameHeader {
  readonly type: number;
  /** Of the whole packet, fixed header included, in bytes. */
  readonly length: number;
}

/** The remaining length has four bytes at most. */
const lengthBytes = 4;

/** Reads a fixed header of 2 to 5 bytes. @see MQTT 3.1.1 § 2.2.3 */
export function readFrameHeader(bytes: Uint8Array): FrameHeader | 'incomplete' | 'malformed' {
  let remaining = 0;
  for (let at = 1; at <= lengthBytes; at++) {
    const byte = bytes[at];
    if (byte === undefined) return 'incomplete';
    remaining += (byte & 0x7f) * 128 ** (at - 1);
    if (byte < 0x80) return { type: (bytes[0] ?? 0) >> 4, length: 1 + at + remaining };
  }
  return 'malformed';
}

export interface PublishFrame {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** undefined: QoS 0, else QoS 1. */
  readonly messageId: number | undefined;
  /** Whether it was sent before. */
  readonly repeated: boolean;
}

/** A PUBLISH. @see MQTT 3.1.1 § 3.3 */
export function encodePublish({ topic, payload, messageId, repeated }: PublishFrame): Buffer {
  const name = Buffer.from(topic);
  const id = messageId === undefined ? Buffer.alloc(0) : uint16(messageId);
  const first = 0x30 | (messageId === undefined ? 0 : 0x02) | (repeated && messageId !== undefined ? 0x08 : 0);
  const length = encodeLength(2 + name.length + id.length + payload.length);
  return Buffer.concat([Buffer.of(first), length, uint16(name.length), name, id, payload]);
}

function encodeLength(length: number): Buffer {
  const bytes: number[] = [];
  let rest = length;
  do {
    const more = rest >= 128 ? 0x80 : 0;
    bytes.push((rest % 128) | more);
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Buffer.from(bytes);
}

function uint16(value: number): Buffer {
  return Buffer.of(value >> 8, value & 0xff);
}
