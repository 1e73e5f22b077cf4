import type { Item, Meta, ServerCommand } from '#src/dm/syncml/index.js';
import type { Order, SingleOrder } from './ports.js';

/** The orders that are in one, in the order of their CmdIDs. */
export function membersOf(order: Order): readonly SingleOrder[] {
  if ('atomic' in order) return order.atomic;
  return 'sequence' in order ? order.sequence : [order];
}

/** An order as DM command. Its CmdID is the order's own id, `17`; the members of a block are `17.1`, `17.2` … */
export function composeOrder(id: number, order: Order): ServerCommand {
  if ('command' in order) return composeSingle(String(id), order);
  const commands = membersOf(order).map((member, at) => composeSingle(`${id}.${at + 1}`, member));
  return { name: 'atomic' in order ? 'Atomic' : 'Sequence', CmdID: String(id), commands };
}

/** Reads a CmdID that {@link composeOrder} gave. `member` counts from 0 and is absent for a command or a block as a whole. */
export function readRef(ref: string): { readonly id: number; readonly member?: number } {
  const [id, member] = ref.split('.').map(Number);
  return { id: id ?? Number.NaN, ...(member === undefined ? {} : { member: member - 1 }) };
}

function composeSingle(CmdID: string, order: SingleOrder): ServerCommand {
  const Item = [composeItem(order)];
  if (order.command !== 'Exec') return { name: order.command, CmdID, Item };
  return { name: 'Exec', CmdID, ...(order.correlator === undefined ? {} : { Correlator: order.correlator }), Item };
}

function composeItem({ uri, data, format, type }: SingleOrder): Item {
  const meta: Meta = {
    ...(format === undefined ? {} : { Format: wireFormat(format) }),
    ...(type === undefined ? {} : { Type: type }),
  };
  return {
    Target: { LocURI: uri },
    ...(format === undefined && type === undefined ? {} : { Meta: meta }),
    ...(data === undefined ? {} : { Data: data }),
  };
}

/** We write XML, where binary values travel in Base64 and say so. @see OMA DM RepPro 1.2 § 5.3 (Format) */
function wireFormat(format: string): string {
  return format === 'bin' ? 'b64' : format;
}
