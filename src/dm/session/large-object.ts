import type { BodyCommand, Item, Meta } from '../syncml/index.js';

/**
 * Large objects: one leaf in several messages.
 * @see OMA DM Protocol 1.2 § 7 and RepPro 1.2 § 5.13 (MoreData, Size)
 */

/** Commands that can carry a chunk. */
export type Chunkable = Extract<BodyCommand, { name: 'Add' | 'Replace' | 'Results' | 'Alert' }>;

/** Why an object cannot be taken: not in this form, too large, not of the announced size. */
export type ChunkRefusal = '406' | '413' | '424';

/** An object that has begun to arrive. */
export interface Assembly {
  readonly first: Chunkable;
  /** What has come, put together once it is whole: to do that at each chunk would take a time that grows with their square. */
  readonly pieces?: Pieces;
  /** Characters that they come to; a few fewer where each is padded base64. */
  readonly length: number;
  /** As Meta/Size announced, in characters of the encoded data. */
  readonly size?: number;
  /** It was refused: what still comes of it is refused too, and never taken for an object of its own. */
  readonly refused?: ChunkRefusal;
}

/** The last piece, and those before it. */
interface Pieces {
  readonly before?: Pieces | undefined;
  readonly text: string;
}

export type Received =
  /** Not a chunk. */
  | { readonly kind: 'whole' }
  | { readonly kind: 'buffered'; readonly assembly: Assembly }
  | { readonly kind: 'complete'; readonly command: Chunkable }
  /** Cannot be taken; the SyncML status says why. The assembly is there as long as more of it may come. */
  | { readonly kind: 'failed'; readonly status: ChunkRefusal; readonly assembly?: Assembly }
  /** Something else came before the end of the object. */
  | { readonly kind: 'interrupted' };

/** Takes a command that may be a chunk. @param maxObjSize characters that an object may have */
export function receiveChunk(assembly: Assembly | undefined, command: BodyCommand, maxObjSize: number): Received {
  const chunk = asChunk(command);
  if (assembly === undefined) return chunk?.MoreData ? begin(command as Chunkable, chunk, maxObjSize) : { kind: 'whole' };
  const continued = chunk !== undefined && continues(assembly, command, chunk);
  if (assembly.refused !== undefined) {
    return continued ? refuse(assembly, chunk, assembly.refused) : receiveChunk(undefined, command, maxObjSize);
  }
  return continued ? proceed(assembly, chunk, maxObjSize) : { kind: 'interrupted' };
}

function asChunk(command: BodyCommand): Item | undefined {
  if (command.name !== 'Add' && command.name !== 'Replace' && command.name !== 'Results' && command.name !== 'Alert') return undefined;
  return command.Item?.find((item) => item.MoreData) ?? (command.Item?.length === 1 ? command.Item[0] : undefined);
}

function begin(command: Chunkable, item: Item, maxObjSize: number): Received {
  const size = sizeOf(command, item);
  const assembly: Assembly = { first: { ...command, Item: [item] }, length: 0, ...(size === undefined ? {} : { size }) };
  if (command.Item?.length !== 1) return refuse(assembly, item, '406');
  if (size !== undefined && size > maxObjSize) return refuse(assembly, item, '413');
  return proceed(assembly, item, maxObjSize);
}

function sizeOf(command: BodyCommand, item: Item): number | undefined {
  const size = item.Meta?.Size ?? ('Meta' in command ? command.Meta?.Size : undefined);
  return size === undefined ? undefined : Number(size);
}

function proceed(assembly: Assembly, item: Item, maxObjSize: number): Received {
  const text = typeof item.Data === 'string' ? item.Data : (item.Data?.markup ?? '');
  const length = assembly.length + lengthOf(text, isBase64(assembly));
  if (length > maxObjSize) return refuse(assembly, item, '413');
  const grown = { ...assembly, pieces: { before: assembly.pieces, text: copyOf(text) }, length };
  if (item.MoreData) return { kind: 'buffered', assembly: grown };
  const data = join(inOrder(grown.pieces), isBase64(grown));
  if (data.length > maxObjSize) return refuse(assembly, item, '413');
  if (grown.size !== undefined && grown.size !== data.length) return refuse(assembly, item, '424');
  return { kind: 'complete', command: whole(grown, item, data) };
}

/** A text of a message keeps all of the message in memory: of an object that is never finished only its pieces are to stay. */
function copyOf(text: string): string {
  return Buffer.from(text).toString();
}

function isBase64({ first }: Assembly): boolean {
  return (first.Item?.[0]?.Meta?.Format ?? ('Meta' in first ? first.Meta?.Format : undefined)) === 'b64';
}

/** Of padded base64 only its bytes count: the rest goes when it is joined with what follows. */
function lengthOf(text: string, base64: boolean): number {
  return base64 && text.endsWith('=') ? (Buffer.byteLength(text, 'base64') / 3) * 4 : text.length;
}

function inOrder(last: Pieces): string[] {
  const texts: string[] = [];
  for (let piece: Pieces | undefined = last; piece !== undefined; piece = piece.before) texts.push(piece.text);
  return texts.reverse();
}

/** Padding within base64 comes of chunks that were bytes each (WBXML): only together they are base64 of the object. */
function join(texts: readonly string[], base64: boolean): string {
  const padded = base64 ? byPadding(texts) : [];
  if (padded.length < 2 || !padded.every((text) => /^[A-Za-z0-9+/]+={0,2}$/.test(text))) return texts.join('');
  return Buffer.concat(padded.map((text) => Buffer.from(text, 'base64'))).toString('base64');
}

/** What each padding ends. */
function byPadding(texts: readonly string[]): string[] {
  const padded: string[] = [];
  let open: string[] = [];
  for (const text of texts) {
    open.push(text);
    if (!text.endsWith('=')) continue;
    padded.push(open.join(''));
    open = [];
  }
  return open.length === 0 ? padded : [...padded, open.join('')];
}

function refuse(assembly: Assembly, { MoreData }: Item, status: ChunkRefusal): Received {
  return MoreData ? { kind: 'failed', status, assembly: { ...withoutPieces(assembly), refused: status } } : { kind: 'failed', status };
}

function withoutPieces({ pieces: _, ...assembly }: Assembly): Assembly {
  return assembly;
}

function whole({ first }: Assembly, last: Item, data: string): Chunkable {
  const { MoreData: _, ...item } = { ...first.Item?.[0], ...last };
  const meta: Meta = { ...first.Item?.[0]?.Meta, ...last.Meta };
  return { ...first, Item: [{ ...item, ...(Object.keys(meta).length === 0 ? {} : { Meta: meta }), Data: data }] };
}

/** Whether an item goes on with the object. Size belongs into the first chunk; some repeat it. */
function continues({ first, size }: Assembly, command: BodyCommand, item: Item): boolean {
  const begun = first.Item?.[0];
  const announced = sizeOf(command, item);
  return (
    first.name === command.name &&
    (announced === undefined || announced === size) &&
    begun?.Target?.LocURI === item.Target?.LocURI &&
    begun?.Source?.LocURI === item.Source?.LocURI &&
    (first.name !== 'Results' || command.name !== 'Results' || first.CmdRef === command.CmdRef)
  );
}

/** An object on its way out: what is left of it. */
export interface Departure {
  readonly command: Chunkable;
  readonly data: string;
  readonly offset: number;
}

/** A command that can be sent in chunks, with its data as text; undefined where it cannot. */
export function departure(command: BodyCommand): Departure | undefined {
  const item = asChunk(command);
  if (item?.Data === undefined || !('Item' in command) || command.Item?.length !== 1) return undefined;
  const data = typeof item.Data === 'string' ? item.Data : item.Data.markup;
  return { command: command as Chunkable, data, offset: 0 };
}

/** The next chunk of `length` characters: Size in the first, MoreData in all but the last. */
export function formatChunk({ command, data, offset }: Departure, length: number): Chunkable {
  const { Meta: given, MoreData: _, ...item } = command.Item?.[0] ?? {};
  const { Size: __, ...repeated } = given ?? {};
  const end = offset + length;
  const meta: Meta = offset === 0 ? { ...repeated, Size: String(data.length) } : repeated;
  const chunk: Item = {
    ...item,
    ...(Object.keys(meta).length === 0 ? {} : { Meta: meta }),
    Data: data.slice(offset, end),
    ...(end < data.length ? { MoreData: true } : {}),
  };
  return { ...command, Item: [chunk] };
}
