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
  // --- The control interface (control, api, cli): the operator's, each names what to do ---
  'control.invalid': { text: 'The request is not accepted. {problems}' },
  'control.too-large': { text: 'The request is larger than {limit} bytes; send less in one request.' },
  'control.no-route': { text: 'There is no {method} {path}; docs/reference/control-api.md lists what there is.' },
  'control.not-found': { text: 'There is no {what} {id}; list them to see what there is.' },
  'control.exists': { text: 'The {what} {id} exists already; remove it first, or choose another.' },
  'control.declared': { text: 'The {what} {id} is declared in the configuration; remove it there and restart.' },
  'control.unavailable': { text: 'This is not possible now: {what}. Try again later.' },
  'control.internal': { text: 'The request failed inside the program that serves it; its log has the reason.' },
  'control.not-running': { text: 'Nothing answers at {socket}; start "{start}", or name its socket with --socket.' },
  'control.timeout': { text: '{socket} gave no answer to {method} {path} within {seconds} s; look at its log, or try again.' },
  'control.bad-answer': { text: '{socket} gave an answer to {method} {path} that cannot be understood: {what}. Run the same version on both sides.' },
  'control.refused': { text: '{message}' },
  'cli.unreadable': { text: 'Cannot read {file}: {why}; name a file that can be read.' },
  'cli.unwritable': { text: 'Cannot write {file}: {why}; name a file that does not exist, in a folder that can be written.' },
  'cli.missing-password': { text: 'No {what} was given; name a file with {option}, or set {variable}.' },
  'cli.bad-password': { text: 'The {what} in {source} has {found}; it must be one line of 1 to {limit} characters.' },
  'cli.one-stdin': { text: 'Standard input can be read only once; give "-" to one option alone.' },
  // --- The wires (transport) ---
  'wire.address': { text: '{url} is not an address to post to: {what}.' },
  'wire.refused': { text: '{address} cannot be reached: {why}. Check the address, and that it runs.' },
  'wire.timeout': { text: '{address} gave no complete answer within {seconds} s.' },
  'wire.reset': { text: '{address} closed the connection before its answer was complete.' },
  'wire.tls': { text: 'The TLS connection to {address} is refused: {reason}. Check its certificate and what is trusted here.' },
  'wire.too-large': { text: 'The answer of {address} is larger than {limit} bytes.' },
  'wire.malformed': { text: 'The answer of {address} is not the HTTP that was asked for: {what}.' },
  'wire.aborted': { text: 'The exchange with {address} was given up.' },
  'wire.listen': { text: 'Cannot listen on {address}: {why}. Free it, or set another in the configuration.' },
  'wire.socket': { text: 'Cannot serve {socket}: {why}' },
  'wire.recorder': { text: 'Cannot record into {directory}: {why}. Name a directory that can be written.' },
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
