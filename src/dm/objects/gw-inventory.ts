import {
  type InteriorNode,
  type NodeRow,
  type ObjectDefinition,
  provideChildren,
  provideInterior,
  type TreeNode,
} from '#src/dm/tree/index.js';
import { leafOf } from './standard-object.js';

interface RecordRow extends NodeRow {
  readonly key: string;
}

/** One container, one record, and below it only leaves: the names of all three stand in the table below and nowhere else. */
const recordsRow = {
  path: 'Records',
  format: 'node',
  access: ['Get'],
  occurs: 'one',
  permanent: true,
  description: 'one record for each device behind the gateway',
} as const satisfies NodeRow;

const recordRow = {
  path: 'Records/<id>',
  format: 'node',
  access: ['Get'],
  occurs: 'zero-or-more',
  permanent: true,
  description: 'a device',
} as const satisfies NodeRow;

const leafRow = { access: ['Get'], permanent: true } as const;

/** `key` is what a record calls the leaf. */
const recordLeaves = [
  { ...leafRow, key: 'deviceId', path: 'Records/<id>/DeviceID', format: 'chr', occurs: 'one', description: 'DevId URN' },
  {
    ...leafRow,
    key: 'componentType',
    path: 'Records/<id>/ComponentType',
    format: 'int',
    occurs: 'one',
    description: '0 end device, 1 child gateway',
  },
  { ...leafRow, key: 'mode', path: 'Records/<id>/Mode', format: 'int', occurs: 'one', description: '1 transparent, 2 proxy, 3 adaptation' },
  { ...leafRow, key: 'protocol', path: 'Records/<id>/Protocol', format: 'chr', occurs: 'one', description: 'what its side speaks' },
  { ...leafRow, key: 'address', path: 'Records/<id>/Address', format: 'chr', occurs: 'zero-or-one', description: 'LAN address, opaque' },
  { ...leafRow, key: 'manufacturer', path: 'Records/<id>/Man', format: 'chr', occurs: 'zero-or-one', description: 'manufacturer' },
  { ...leafRow, key: 'model', path: 'Records/<id>/Mod', format: 'chr', occurs: 'zero-or-one', description: 'model' },
  { ...leafRow, key: 'firmware', path: 'Records/<id>/FwV', format: 'chr', occurs: 'zero-or-one', description: 'firmware version' },
  {
    ...leafRow,
    key: 'status',
    path: 'Records/<id>/Status',
    format: 'int',
    occurs: 'one',
    description: '0 detached, 1 attached, 2 unreachable',
  },
  { ...leafRow, key: 'lastSeen', path: 'Records/<id>/LastSeen', format: 'chr', occurs: 'zero-or-one', description: 'ISO 8601 basic, UTC' },
  {
    ...leafRow,
    key: 'root',
    path: 'Records/<id>/Root',
    format: 'chr',
    occurs: 'zero-or-one',
    description: 'URI of the tree that stands for the device',
  },
  {
    ...leafRow,
    key: 'associationEpoch',
    path: 'Records/<id>/AssociationEpoch',
    format: 'int',
    occurs: 'one',
    description: 'our extension: rises with each attachment, so that a late detach changes nothing',
  },
] as const satisfies readonly RecordRow[];

/**
 * The Gateway Device Inventory. `[DESIGN]`: the official node tree is not public to us, so all names but DeviceID and
 * ComponentType are proposals; the official DDF replaces this table and nothing else.
 */
export const gwInventoryDefinition = {
  urn: 'urn:oma:mo:oma-gwmo-deviceinventory:1.1',
  aliases: ['urn:oma:mo:oma-gwmo-deviceinventory:1.0'],
  source: 'OMA GwMO 1.1 (identifier); node names are our design',
  rows: [recordsRow, recordRow, ...recordLeaves],
} as const satisfies ObjectDefinition;

/** What the numbers of the table mean. */
export const inventoryComponentTypes = { endDevice: '0', gateway: '1' } as const;
export const inventoryModes = { transparent: '1', proxy: '2', adaptation: '3' } as const;
export const inventoryStatuses = { detached: '0', attached: '1', unreachable: '2' } as const;

/** A record's values as texts; a leaf without a value does not stand in the tree. */
export type RecordValues = Readonly<Partial<Record<(typeof recordLeaves)[number]['key'], string>>>;

/** Where the records live. Ids become node names: no slash, no question mark. */
export interface InventorySource {
  ids(): Iterable<string>;
  record(id: string): RecordValues | undefined;
}

/** The inventory subtree: a record is looked up by its id, and the others are not touched. */
export function gwInventory(source: InventorySource): TreeNode {
  const records = provideInterior({
    access: recordsRow.access,
    children: () => source.ids(),
    child: (id) => recordNode(source.record(id)),
  });
  return provideChildren({ [recordsRow.path]: records }, { type: gwInventoryDefinition.urn });
}

/** The path of a record below the inventory's root: what an alert names as its source. */
export function inventoryRecordPath(id: string): string {
  return `${recordsRow.path}/${id}`;
}

function recordNode(values: RecordValues | undefined): InteriorNode | undefined {
  if (values === undefined) return undefined;
  const present = recordLeaves.flatMap((row) => {
    const value = values[row.key];
    return value === undefined ? [] : [[lastSegment(row.path), leafOf(row, () => value)] as const];
  });
  return provideChildren(Object.fromEntries(present), { access: recordRow.access });
}

function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
