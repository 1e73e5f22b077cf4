import type { BodyCommand, Cred, SyncMLMessage } from '../syncml/index.js';
import { type Departure, departure, formatChunk } from './large-object.js';
import { formatHeader, type Leg } from './leg.js';
import { numberCommands, type Sent } from './number-commands.js';

/** What still has to go out, in order. */
export interface Outgoing {
  readonly queue: readonly BodyCommand[];
  /** The object of which a part has been sent: nothing else may come between. */
  readonly departing?: Departure;
  /** CmdIDs of commands that were too big for a message and are sent Item by Item. */
  readonly split?: ReadonlySet<string>;
}

export const nothingOutgoing: Outgoing = { queue: [] };

export function isEmpty({ queue, departing }: Outgoing): boolean {
  return queue.length === 0 && departing === undefined;
}

export interface Composed {
  readonly leg: Leg;
  readonly message: SyncMLMessage;
  readonly bytes: Uint8Array;
  readonly rest: Outgoing;
  /** What each CmdID of the message stands for. */
  readonly sent: ReadonlyMap<string, Sent>;
  /** Commands that no message of the peer's size can carry; they were left out. */
  readonly unsendable: readonly BodyCommand[];
  /** Whether the message keeps to the peer's MaxMsgSize; false where even its lead does not. */
  readonly fits: boolean;
}

export interface Composition {
  readonly leg: Leg;
  readonly cred: Cred | undefined;
  /** Goes into this message whatever happens: the statuses that it owes. */
  readonly lead: readonly BodyCommand[];
  readonly outgoing: Outgoing;
  /** When Final is set: always, never, when nothing is left, or when no object is left in the middle. */
  readonly final: 'always' | 'never' | 'when-empty' | 'when-no-chunk';
  readonly encode: (message: SyncMLMessage) => Uint8Array;
}

/**
 * Makes the next message: as much of what waits as the peer's MaxMsgSize lets in.
 * @see OMA DM Protocol 1.2 § 6.1 and 7
 */
export function compose(composition: Composition): Composed {
  const { outgoing } = composition;
  if (outgoing.departing !== undefined) {
    const { departing, ...rest } = outgoing;
    return sendChunk(rulerOf(composition), departing, rest) ?? { ...attempt(composition, [], rest), unsendable: [departing.command] };
  }
  const all = leastBytes(outgoing.queue) > room(composition) ? undefined : attempt(composition, outgoing.queue, nothingOutgoing);
  return all?.fits ? all : sendWhatFits(composition);
}

function room({ leg }: Composition): number {
  return leg.peerMaxMsgSize ?? Number.POSITIVE_INFINITY;
}

function attempt(composition: Composition, commands: readonly BodyCommand[], rest: Outgoing): Composed {
  const { leg, cred, lead, encode, outgoing } = composition;
  const { commands: numbered, sent } = numberCommands([...lead, ...commands], rest.split ?? outgoing.split);
  const SyncBody = { commands: numbered, ...(isFinal(composition, rest) ? { Final: true as const } : {}) };
  const message = { SyncHdr: formatHeader(leg, cred), SyncBody };
  const bytes = encode(message);
  return { leg: { ...leg, sent: leg.sent + 1 }, message, bytes, rest, sent, unsendable: [], fits: bytes.length <= room(composition) };
}

function isFinal({ final }: Composition, rest: Outgoing): boolean {
  if (final === 'when-empty') return isEmpty(rest);
  return final === 'always' || (final === 'when-no-chunk' && rest.departing === undefined);
}

/** What no encoding gets a command below: so much is not encoded again and again only to see that it does not fit. */
function leastBytes(queue: readonly BodyCommand[]): number {
  let bytes = 0;
  for (const command of queue) {
    bytes += 6;
    for (const { Data } of ('Item' in command ? command.Item : undefined) ?? []) if (typeof Data === 'string') bytes += Data.length / 2;
  }
  return bytes;
}

/** Measures what comes after the lead. The lead is encoded once, however many commands are tried after it. */
interface Ruler {
  readonly composition: Composition;
  /** Bytes left after the lead. */
  readonly left: number;
  sizeOf(command: BodyCommand): number;
}

function rulerOf(composition: Composition): Ruler {
  const { lead } = composition;
  // The encoder is as the last command of the lead leaves it.
  const short = { ...composition, lead: lead.slice(-1) };
  const frame = sizeWith(short, []);
  const before = numberCommands(lead).sent.size;
  const shortBefore = numberCommands(short.lead).sent.size;
  const sizeOf = (command: BodyCommand) => {
    const members = numberCommands([command]).sent.size;
    return sizeWith(short, [command]) - frame + digitsOf(before, members) - digitsOf(shortBefore, members);
  };
  return { composition, left: room(composition) - sizeWith(composition, []), sizeOf };
}

/** Digits of so many CmdIDs that follow upon others. */
function digitsOf(before: number, count: number): number {
  let digits = 0;
  for (let id = before + 1; id <= before + count; id++) digits += String(id).length;
  return digits;
}

/** Fills the message; what is too big for any message is split by items, then by chunks, and only then left out. */
function sendWhatFits(composition: Composition): Composed {
  const unsendable: BodyCommand[] = [];
  let { outgoing } = composition;
  const ruler = rulerOf(composition);
  // Nothing can fit, and to find that out for each command would take as many encodings.
  if (ruler.left < 0) return attempt(composition, [], outgoing);
  for (;;) {
    const taken = howManyFit(ruler, outgoing.queue);
    const [first, ...others] = outgoing.queue;
    if (taken > 0 || first === undefined) {
      const rest = { ...outgoing, queue: outgoing.queue.slice(taken) };
      return { ...attempt(composition, outgoing.queue.slice(0, taken), rest), unsendable };
    }
    const items = splitByItems(first);
    if (items.length > 1) {
      outgoing = { queue: [...items, ...others], split: new Set([...(outgoing.split ?? []), first.CmdID]) };
      continue;
    }
    outgoing = { ...outgoing, queue: others };
    const object = departure(first);
    const chunk = object === undefined ? undefined : sendChunk(ruler, object, outgoing);
    if (chunk !== undefined) return { ...chunk, unsendable };
    unsendable.push(first);
  }
}

/** Counts the commands from the front of the queue for which there is room. CmdIDs grow by a few digits with their number. */
function howManyFit(ruler: Ruler, queue: readonly BodyCommand[]): number {
  const digits = 4;
  let { left } = ruler;
  let count = 0;
  for (const command of queue) {
    const size = ruler.sizeOf(command);
    const slack = digits * numberCommands([command]).sent.size;
    if (size + (count === 0 ? 0 : slack) > left) break;
    left -= size + slack;
    count++;
  }
  return count;
}

function splitByItems(command: BodyCommand): BodyCommand[] {
  if (!('Item' in command) || command.Item === undefined || command.name === 'Status' || command.name === 'Alert') return [command];
  return command.Item.map((item) => ({ ...command, Item: [item] }));
}

function sizeWith(composition: Composition, commands: readonly BodyCommand[]): number {
  return attempt(composition, commands, nothingOutgoing).bytes.length;
}

/** The next part of an object; undefined where not a single character of it has room. */
function sendChunk(ruler: Ruler, object: Departure, others: Outgoing): Composed | undefined {
  const length = chunkLength(ruler, object);
  if (length === 0) return undefined;
  const offset = object.offset + length;
  const rest: Outgoing = offset < object.data.length ? { ...others, departing: { ...object, offset } } : others;
  return attempt(ruler.composition, [formatChunk(object, length)], rest);
}

/** The most characters of the object that fit; found by trying, because escaping and code points change the size. */
function chunkLength({ left, sizeOf, composition }: Ruler, object: Departure): number {
  const remaining = object.data.length - object.offset;
  const bytesOf = (length: number) => sizeOf(formatChunk(object, length));
  // Not every length is tried: four characters, as Base64 in WBXML, are three bytes at least.
  if (remaining <= (room(composition) / 3) * 4 && bytesOf(remaining) <= left) return remaining;
  let length = withoutSplitCharacter(object, Math.min(remaining, Math.max(left - bytesOf(0), 0)));
  while (length > 0 && bytesOf(length) > left) length = withoutSplitCharacter(object, Math.floor(length * 0.8));
  return length;
}

/** Keeps surrogate pairs together: one half of a character cannot be written. */
function withoutSplitCharacter({ data, offset }: Departure, length: number): number {
  const code = data.charCodeAt(offset + length - 1);
  return length > 0 && code >= 0xd800 && code <= 0xdbff ? length - 1 : length;
}
