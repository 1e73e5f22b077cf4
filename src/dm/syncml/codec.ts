import type { SyncMLMessage } from './message.js';

/** What a decoder accepts; every figure is an upper bound, and what breaks one raises a table error. */
export interface DecodeLimits {
  /** Bytes of the whole message. */
  readonly bytes: number;
  /** Nesting of elements, the root being 1. */
  readonly depth: number;
  /** Elements in the message, markup inside Data included. */
  readonly elements: number;
  /** Attributes of one element. */
  readonly attributes: number;
  /** Characters of one text after decoding. */
  readonly text: number;
}

export const defaultDecodeLimits: DecodeLimits = {
  bytes: 1_048_576,
  depth: 32,
  elements: 20_000,
  attributes: 32,
  text: 1_048_576,
};

/** One encoding of SyncML messages. Pure: bytes in, message out, and back. */
export interface Codec {
  readonly encoding: 'xml' | 'wbxml';
  /** The media type it writes. */
  readonly contentType: string;
  /** @throws PosternError `syncml.*`, never anything else */
  decode(bytes: Uint8Array, limits: DecodeLimits): SyncMLMessage;
  encode(message: SyncMLMessage): Uint8Array;
}
