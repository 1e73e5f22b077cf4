import type { Item, Meta, Payload } from './message.js';

/** A command as far as its Items and what they inherit are concerned. */
export interface WithItems {
  readonly Meta?: Meta;
  readonly Item?: readonly Item[];
}

/** What an Item becomes: another Data, and what its Meta has to say then. */
export interface ItemChange {
  readonly Data: Payload;
  readonly Meta: Pick<Meta, 'Format' | 'Type' | 'Size'>;
}

/** What Meta says of an Item: its own, and where it is silent that of its command; a Size only if it can be that of this Item. */
export function effectiveMeta(item: Item, command: WithItems): Meta {
  const { Size, ...inherited } = command.Meta ?? {};
  const sized = Size !== undefined && command.Item?.length === 1;
  return { ...inherited, ...(sized ? { Size } : {}), ...item.Meta };
}

/**
 * Changes Items of a command. Where an Item inherits what changes, the command's Meta changes if that suits every Item that
 * inherits it; otherwise the Item gets a Meta of its own.
 */
export function changeItems<C extends WithItems>(command: C, changes: ReadonlyMap<Item, ItemChange>): C {
  const items = command.Item ?? [];
  const shared = sharedChanges(command, items, changes);
  const changed = items.map((item) => {
    const change = changes.get(item);
    return change === undefined ? item : changeItem(item, change, command, shared);
  });
  const meta = Object.keys(shared).length === 0 ? {} : { Meta: { ...command.Meta, ...shared } };
  return { ...command, ...meta, Item: changed };
}

/** The changes of what is said once, for all Items. */
function sharedChanges(command: WithItems, items: readonly Item[], changes: ReadonlyMap<Item, ItemChange>): ItemChange['Meta'] {
  const fields = (['Format', 'Type', 'Size'] as const).filter((field) => command.Meta?.[field] !== undefined);
  const agreed = fields.flatMap((field) => {
    const heirs = items.filter((item) => item.Meta?.[field] === undefined);
    const wanted = new Set(heirs.map((item) => changes.get(item)?.Meta[field] ?? command.Meta?.[field]));
    const [only] = wanted;
    return wanted.size === 1 && only !== undefined && only !== command.Meta?.[field] ? [[field, only]] : [];
  });
  return Object.fromEntries(agreed);
}

function changeItem(item: Item, { Data, Meta: wanted }: ItemChange, command: WithItems, shared: ItemChange['Meta']): Item {
  const inherited = { ...command.Meta, ...shared };
  const present: Meta = { ...inherited, ...item.Meta };
  const lacking = Object.entries(wanted).filter(([field, value]) => present[field as keyof typeof wanted] !== value);
  if (lacking.length === 0) return { ...item, Data };
  // Some take an Item's Meta for all that is said of it: one that is new says all.
  return { ...item, Meta: { ...(item.Meta ?? inherited), ...Object.fromEntries(lacking) }, Data };
}
