import type { BodyCommand, Cred, SyncMLMessage } from '../syncml/index.js';
import { type Departure, departure, formatChunk } from './large-object.js';
import { formatHeader, type Leg } from './leg.js';
import { numberCommands, type Sent } from './number-commands.js';

/** What still has to go out, in order. */
export interface Outgoing {
  readonly queue: readonly BodyCommand[];
  /** The object of which a part has been sent: nothing else may come between. */
  readonly departing?: Departure;
}

export const nothingOutgoing: Outgoing = { queue: [] };

export interface Composed {
  readonly leg: Leg;
  readonly message: SyncMLMessage;
  readonly bytes: Uint8Array;
  readonly rest: Outgoing;
  /** What each CmdID of the message stands for. */
  readonly sent: ReadonlyMap<string, Sent>;
  /** Commands that no message of the peer's size can carry; they were left out. */
  readonly unsendable: readonly BodyCommand[];
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
  if (outgoing.departing !== undefined) return sendChunk(composition, outgoing.departing, outgoing.queue, []);
  const all = attempt(composition, outgoing.queue, nothingOutgoing);
  return all.bytes.length <= room(composition) ? all : sendWhatFits(composition);
}

function room({ leg }: Composition): number {
  return leg.peerMaxMsgSize ?? Number.POSITIVE_INFINITY;
}

function attempt(composition: Composition, commands: readonly BodyCommand[], rest: Outgoing): Composed {
  const { leg, cred, lead, encode } = composition;
  const { commands: numbered, sent } = numberCommands([...lead, ...commands]);
  const SyncBody = { commands: numbered, ...(isFinal(composition, rest) ? { Final: true as const } : {}) };
  const message = { SyncHdr: formatHeader(leg, cred), SyncBody };
  return { leg: { ...leg, sent: leg.sent + 1 }, message, bytes: encode(message), rest, sent, unsendable: [] };
}

function isFinal({ final }: Composition, rest: Outgoing): boolean {
  if (final === 'when-empty') return rest.queue.length === 0 && rest.departing === undefined;
  return final === 'always' || (final === 'when-no-chunk' && rest.departing === undefined);
}

/** Fills the message; what is too big for any message is split by items, then by chunks, and only then left out. */
function sendWhatFits(composition: Composition): Composed {
  const pending = [...composition.outgoing.queue];
  const taken: BodyCommand[] = [];
  const unsendable: BodyCommand[] = [];
  let left = room(composition) - sizeWith(composition, []);
  for (let next = pending[0]; next !== undefined; next = pending[0]) {
    const size = sizeOf(composition, next);
    if (size <= left) {
      taken.push(next);
      left -= size;
    } else if (taken.length > 0) {
      break;
    } else {
      const items = splitByItems(next);
      const object = departure(next);
      if (items.length > 1) {
        pending.splice(0, 1, ...items);
        continue;
      }
      if (object !== undefined && object.data.length > 1) return sendChunk(composition, object, pending.slice(1), unsendable);
      unsendable.push(next);
    }
    pending.shift();
  }
  return { ...attempt(composition, taken, { queue: pending }), unsendable };
}

function splitByItems(command: BodyCommand): BodyCommand[] {
  if (!('Item' in command) || command.Item === undefined || command.name === 'Status' || command.name === 'Alert') return [command];
  return command.Item.map((item) => ({ ...command, Item: [item] }));
}

function sizeWith(composition: Composition, commands: readonly BodyCommand[]): number {
  return attempt(composition, commands, nothingOutgoing).bytes.length;
}

/** Bytes that a command adds to a message; CmdIDs grow by a few digits with their number. */
function sizeOf(composition: Composition, command: BodyCommand): number {
  const digits = 4;
  return sizeWith(composition, [command]) - sizeWith(composition, []) + digits * numberCommands([command]).sent.size;
}

function sendChunk(
  composition: Composition,
  object: Departure,
  queue: readonly BodyCommand[],
  unsendable: readonly BodyCommand[],
): Composed {
  const length = chunkLength(composition, object);
  if (length === 0) return { ...attempt(composition, [], { queue }), unsendable: [...unsendable, object.command] };
  const offset = object.offset + length;
  const rest: Outgoing = offset < object.data.length ? { queue, departing: { ...object, offset } } : { queue };
  return { ...attempt(composition, [formatChunk(object, length)], rest), unsendable };
}

/** The most characters of the object that fit; found by trying, because escaping and code points change the size. */
function chunkLength(composition: Composition, object: Departure): number {
  const remaining = object.data.length - object.offset;
  const limit = room(composition);
  const bytesOf = (length: number) => sizeWith(composition, [formatChunk(object, length)]);
  if (bytesOf(remaining) <= limit) return remaining;
  let length = Math.min(remaining, Math.max(limit - bytesOf(0), 0));
  while (length > 0 && bytesOf(length) > limit) length = Math.floor(length * 0.8);
  return withoutSplitCharacter(object, length);
}

/** Keeps surrogate pairs together. */
function withoutSplitCharacter({ data, offset }: Departure, length: number): number {
  const code = data.charCodeAt(offset + length - 1);
  return length > 0 && code >= 0xd800 && code <= 0xdbff ? length - 1 : length;
}
