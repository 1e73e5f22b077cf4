import type { BodyCommand, Item } from '../syncml/index.js';

/**
 * Large objects: one leaf in several messages.
 * @see OMA DM Protocol 1.2 § 7 and RepPro 1.2 § 5.13 (MoreData, Size)
 */

/** Commands that can carry a chunk. */
export type Chunkable = Extract<BodyCommand, { name: 'Add' | 'Replace' | 'Results' | 'Alert' }>;

/** An object that has begun to arrive. */
export interface Assembly {
  readonly first: Chunkable;
  readonly data: string;
  /** As Meta/Size announced, in characters of the encoded data. */
  readonly size?: number;
}

export type Received =
  /** Not a chunk. */
  | { readonly kind: 'whole' }
  | { readonly kind: 'buffered'; readonly assembly: Assembly }
  | { readonly kind: 'complete'; readonly command: Chunkable }
  /** Cannot be taken; the SyncML status says why. */
  | { readonly kind: 'failed'; readonly status: '406' | '413' | '424' }
  /** Something else came before the end of the object. */
  | { readonly kind: 'interrupted' };

/** Takes a command that may be a chunk. @param maxObjSize characters that an object may have */
export function receiveChunk(assembly: Assembly | undefined, command: BodyCommand, maxObjSize: number): Received {
  const chunk = asChunk(command);
  if (assembly === undefined) return chunk?.MoreData ? begin(command as Chunkable, chunk, maxObjSize) : { kind: 'whole' };
  if (chunk === undefined || !continues(assembly.first, command, chunk)) return { kind: 'interrupted' };
  return proceed(assembly, chunk, maxObjSize);
}

function asChunk(command: BodyCommand): Item | undefined {
  if (command.name !== 'Add' && command.name !== 'Replace' && command.name !== 'Results' && command.name !== 'Alert') return undefined;
  return command.Item?.find((item) => item.MoreData) ?? (command.Item?.length === 1 ? command.Item[0] : undefined);
}

function begin(command: Chunkable, item: Item, maxObjSize: number): Received {
  if (command.Item?.length !== 1) return { kind: 'failed', status: '406' };
  const size = (item.Meta ?? ('Meta' in command ? command.Meta : undefined))?.Size;
  const assembly: Assembly = {
    first: command,
    data: '',
    ...(size === undefined ? {} : { size: Number(size) }),
  };
  if (assembly.size !== undefined && assembly.size > maxObjSize) return { kind: 'failed', status: '413' };
  return proceed(assembly, item, maxObjSize);
}

function proceed(assembly: Assembly, item: Item, maxObjSize: number): Received {
  const data = typeof item.Data === 'string' ? item.Data : (item.Data?.markup ?? '');
  const grown = { ...assembly, data: assembly.data + data };
  if (grown.data.length > maxObjSize) return { kind: 'failed', status: '413' };
  if (item.MoreData) return { kind: 'buffered', assembly: grown };
  if (grown.size !== undefined && grown.size !== grown.data.length) return { kind: 'failed', status: '424' };
  return { kind: 'complete', command: whole(grown, item) };
}

function whole({ first, data }: Assembly, last: Item): Chunkable {
  const { MoreData: _, ...item } = { ...first.Item?.[0], ...last, Meta: { ...first.Item?.[0]?.Meta, ...last.Meta } };
  return { ...first, Item: [{ ...item, Data: data }] };
}

function continues(first: Chunkable, command: BodyCommand, item: Item): boolean {
  const begun = first.Item?.[0];
  return (
    first.name === command.name && begun?.Target?.LocURI === item.Target?.LocURI && begun?.Source?.LocURI === item.Source?.LocURI
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
  const item = command.Item?.[0] ?? {};
  const end = offset + length;
  const meta = offset === 0 ? { ...item.Meta, Size: String(data.length) } : item.Meta;
  const chunk: Item = {
    ...item,
    ...(meta === undefined ? {} : { Meta: meta }),
    Data: data.slice(offset, end),
    ...(end < data.length ? { MoreData: true } : {}),
  };
  return { ...command, Item: [chunk] };
}
