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
  'syncml.name-too-long': { text: '{element} in the header is longer than {limit} characters.', status: 413 },
  'syncml.unknown-element': { text: 'Element {element} is not expected in {parent} (byte {at}).', status: 400 },
  'syncml.repeated-element': { text: 'Element {element} may occur only once in {parent} (byte {at}).', status: 400 },
  'syncml.missing-element': { text: 'Element {element} is missing from {parent} (byte {at}).', status: 400 },
  'syncml.unexpected-text': { text: 'Text is not expected in {parent} (byte {at}).', status: 400 },
  'syncml.unknown-token': { text: 'The token {token} stands for nothing on code page {page} (byte {at}).', status: 400 },
  'syncml.unknown-document': { text: 'The WBXML document calls itself {document}, which is not SyncML (byte {at}).', status: 400 },
  'syncml.invalid-value': { text: '{element} has the invalid value {value}: {what}.', status: 400 },
  // --- Package#0 (dm/notification): the sender's fault, it is dropped ---
  'notification.too-large': { text: 'The notification has {bytes} bytes; the limit is {limit}.' },
  'notification.truncated': { text: 'The notification ends at byte {at} before it is complete.' },
  'notification.malformed': { text: 'The notification is not valid at byte {at}: {what}.' },
  'notification.invalid': { text: 'A notification cannot carry the {field} {value}: {allowed} are possible.' },
  // --- The configuration file (config): the operator's, each line names file, line, key, what was found and what is allowed ---
  'config.invalid': { text: 'The configuration {file} has {count}:\n{problems}' },
  // --- The control interface (control, api, cli): the operator's, each names what to do ---
  'control.invalid': { text: 'The request is not accepted. {problems}' },
  'control.too-large': { text: 'The request is larger than {limit} bytes; send less in one request.' },
  'control.no-route': { text: 'There is no {method} {path}; docs/reference/control-api.md lists what there is.' },
  'control.not-found': { text: 'There is no {what} {id}; list them to see what there is.' },
  'control.exists': { text: 'The {what} {id} exists already; remove it first, or choose another.' },
  'control.declared': { text: 'The {what} {id} is declared in the configuration; remove it there and restart.' },
  'control.not-possible': { text: 'This is not possible: {what}.' },
  'control.unavailable': { text: 'This is not possible now: {what}. Try again later.' },
  'control.no-trigger': { text: '{client} cannot be triggered: {what}.' },
  'control.internal': { text: 'The request failed inside the program that serves it; its log has the reason.' },
  'control.not-running': { text: 'Nothing answers at {socket}; start "{start}", or name its socket with --socket.' },
  'control.timeout': { text: '{socket} gave no answer to {method} {path} within {seconds} s; look at its log, or try again.' },
  'control.bad-answer': {
    text: '{socket} gave an answer to {method} {path} that cannot be understood: {what}. Run the same version on both sides.',
  },
  'control.not-permitted': { text: '{socket} may not be used; run the command as the user that the program runs as.' },
  'control.refused': { text: '{message}' },
  'cli.unreadable': { text: 'Cannot read {file}: {why}; name a file that can be read.' },
  'cli.unwritable': { text: 'Cannot write {file}: {why}; name a file that does not exist, in a folder that can be written.' },
  'cli.missing-password': { text: 'No {what} was given; name a file with {option}, or set {variable}.' },
  'cli.bad-password': { text: 'The {what} in {source} has {found}; it must be one line of 1 to {limit} characters.' },
  'cli.bad-message': { text: '{file} cannot be taken for a message: {what}' },
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
  'wire.trigger': { text: '{address} did not take the trigger: {what}.' },
  'wire.listen': { text: 'Cannot listen on {address}: {why}. Free it, or set another in the configuration.' },
  'wire.socket': { text: 'Cannot serve {socket}: {why}' },
  'wire.recorder': { text: 'Cannot record into {directory}: {why}. Name a directory that can be written.' },
  // --- Who is there (discovery): the operator's ---
  'discovery.interface': {
    text: 'The interface {device} has no IPv4 address; bring it up before Postern starts, or name another in the configuration (with one now: {known}).',
  },
  'discovery.description': { text: 'The description of the device is not taken: {what}.' },
  // --- Secrets, certificates and the state directory (security): the operator's ---
  'security.state-directory': { text: 'The state directory {directory} {problem}: {remedy}.' },
  'security.file-exposed': { text: '{file} can be read or written by others (mode {mode}): run `chmod 600 {file}`.' },
  'security.key-file': { text: 'The key file {file} cannot be used: {problem}.' },
  'security.wrong-key': {
    text: 'The secret {context} was sealed with key {sealed}, but the key at hand is {present}: put the key file back that was in use when it was stored.',
  },
  'security.sealed-damaged': { text: 'The sealed secret {context} cannot be opened: it was changed, or moved from another place.' },
  'security.certificate': { text: 'The certificate {which} cannot be used: {problem}.' },
  'security.local-ca': { text: 'The local certificate authority in {directory} cannot be used: {problem}.' },
  'security.name': { text: '{name} cannot stand in a certificate: give a host name or an IP address.' },
  // --- The database (store): the operator's; a peer is told that the data store failed ---
  'store.damaged': {
    text: 'The database {file} is damaged ({what}): stop Postern, move the file and its -wal and -shm aside, and put a copy back, for instance the newest {file}.before-*.bak.',
    status: 510,
  },
  'store.newer': {
    text: 'The database {file} has version {found}, this Postern knows versions up to {known}: run the newer Postern, or put the copy back that it kept ({file}.before-*.bak).',
  },
  'store.migration-failed': { text: 'The database {file} could not be brought to version {version}: {what}. It was left as it was.' },
  'store.busy': {
    text: 'The database {file} is locked by another program: is a second Postern running on the same state directory?',
    status: 510,
  },
  'store.full': { text: 'There is no room left to write {file}: free some space.', status: 420 },
  'store.input-output': {
    text: 'The database {file} cannot be read or written ({what}): check the disk and its permissions.',
    status: 510,
  },
  'store.lost': { text: 'What was written to {file} in this turn could not be kept: {what}.', status: 510 },
  'store.unknown-device': { text: 'The device {device} is not in the inventory.', status: 404 },
  'store.answer-too-large': { text: 'The answer to {device} has {bytes} bytes; {limit} can be kept for a repeat.', status: 413 },
  'store.too-many-acls': { text: 'The ACLs kept for {device} have reached their limit of {limit}.', status: 420 },
  // --- Management tree (dm/tree, dm/objects): the answer to one command ---
  'tree.invalid-uri': { text: 'No node can be called {uri}.', status: 404 },
  'tree.uri-too-long': { text: 'A node URI has {length} {unit}; the limit is {limit}.', status: 414 },
  'tree.unsupported-query': { text: 'Nothing can be asked of a node by ?{query}.', status: 406 },
  'tree.unsupported-property': { text: '{uri} has no property {property}.', status: 406 },
  'tree.unsupported-alert': { text: 'Alert {code} needs a user interface; there is none.', status: 406 },
  'tree.not-found': { text: 'There is no node {uri}.', status: 404 },
  'tree.exists': { text: 'There is already a node {uri}.', status: 418 },
  'tree.not-allowed': { text: '{command} is not allowed on {uri}.', status: 405 },
  'tree.forbidden': { text: 'The ACL of {uri} does not grant {command} to {server}.', status: 425 },
  'tree.invalid-acl': { text: 'The ACL is not valid: {what}.', status: 400 },
  'tree.incomplete': { text: '{command} lacks {missing}.', status: 412 },
  'tree.unsupported-format': { text: 'Format or type {format} is not supported for {uri}.', status: 415 },
  'tree.invalid-value': { text: 'The value of {uri} is not of the format {format}.', status: 415 },
  'tree.value-too-large': { text: 'The object has {bytes} bytes; the limit is {limit}.', status: 413 },
  'tree.list-too-long': { text: 'The list of {uri} has more than {limit} nodes.', status: 413 },
  'tree.size-mismatch': { text: 'The object has the size {size}; {announced} was announced.', status: 424 },
  'tree.copy-forbidden': { text: '{uri} cannot be copied: both ends of a Copy are leaves.', status: 403 },
  'tree.too-many-results': { text: 'What the commands of this message ask for is too much together.', status: 413 },
  'tree.full': { text: 'The tree is full: it holds {capacity} characters.', status: 420 },
  'tree.invalid-tnds': { text: 'The serialised tree is not valid: {what}.', status: 400 },
  'tree.invalid-state': { text: 'The stored state of node {node} is not valid.' },
  'objects.invalid-account': { text: 'The account (DMAcc) is not valid: {what}.' },

  // --- the demo ---
  'demo.program': { text: 'The {program} {what}. Its last words: {last}' },
  // --- The virtual device (virtual-device, programs/device): of the person who runs it ---
  'device.no-account': { text: 'The device has no account at a DM server; name its DMAcc with --bootstrap.' },
  'device.address': { text: 'The account {account} has an address that cannot be used: {what}.' },
  'device.state': { text: 'The state of the device in {file} cannot be used: {what}. Put a copy back, or remove it to begin anew.' },
  'device.order': { text: '{what}' },
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
