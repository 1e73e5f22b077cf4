/**
 * Every error that Postern can report: a code, the sentence a person reads, and the SyncML status where there is one.
 * `{name}` in a text is filled from the error's details. docs/reference/errors.md is held against this table by a test.
 */
export const errorTable = {
  // --- SyncML messages (dm/syncml): the peer's fault, the message is refused ---
  'syncml.too-large': { text: 'The message has {bytes} bytes; the limit is {limit}.', status: 413 },
  'syncml.truncated': { text: 'The message ends at byte {at} before it is complete.', status: 400 },
  'syncml.malformed': { text: 'The message is not well-formed at byte {at}: {what}.', status: 400 },
  'syncml.encoding': { text: 'The message is not valid UTF-8 (declared encoding: {encoding}).', status: 400 },
  'syncml.forbidden-markup': { text: '{what} is refused at byte {at}.', status: 400 },
  'syncml.too-deep': { text: 'Elements are nested deeper than {limit} at byte {at}.', status: 400 },
  'syncml.too-many-elements': { text: 'The message has more than {limit} elements (byte {at}).', status: 400 },
  'syncml.too-many-attributes': { text: 'An element has more than {limit} attributes (byte {at}).', status: 400 },
  'syncml.text-too-long': { text: 'A text is longer than {limit} characters (byte {at}).', status: 413 },
  'syncml.unknown-element': { text: 'Element {element} is not expected in {parent} (byte {at}).', status: 400 },
  'syncml.repeated-element': { text: 'Element {element} may occur only once in {parent} (byte {at}).', status: 400 },
  'syncml.missing-element': { text: 'Element {element} is missing from {parent} (byte {at}).', status: 400 },
  'syncml.unexpected-text': { text: 'Text is not expected in {parent} (byte {at}).', status: 400 },
  'syncml.invalid-value': { text: '{element} has the invalid value {value}: {what}.', status: 400 },
} as const satisfies Record<string, ErrorEntry>;

export interface ErrorEntry {
  readonly text: string;
  /** The SyncML status that tells a peer about it. */
  readonly status?: number;
}

export type ErrorCode = keyof typeof errorTable;
export type ErrorDetails = Readonly<Record<string, string | number | boolean>>;

/** An expected failure: its code stands in the error table; a bug is never one of these. */
export class PosternError extends Error {
  override readonly name = 'PosternError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(fill(errorTable[code].text, details), options);
    this.code = code;
    this.details = details;
  }

  /** The SyncML status for the peer, where the table has one. */
  get status(): number | undefined {
    return (errorTable[this.code] as ErrorEntry).status;
  }
}

/** Narrows an unknown failure to an expected one, optionally to one code. */
export function isPosternError(error: unknown, code?: ErrorCode): error is PosternError {
  return error instanceof PosternError && (code === undefined || error.code === code);
}

function fill(text: string, details: ErrorDetails): string {
  return text.replace(/\{(\w+)\}/g, (whole, key: string) => (key in details ? String(details[key]) : whole));
}
