import {
  devDetail,
  devInfo,
  dmAcc,
  gwInventory,
  hardware,
  inventoryComponentTypes,
  inventoryModes,
  inventoryStatuses,
  type RecordValues,
  standardObjects,
} from '#src/dm/objects/index.js';
import type { Item } from '#src/dm/syncml/index.js';
import { formatTimestamp, ManagementTree, provideInterior } from '#src/dm/tree/index.js';
import { inventoryRoot } from '../alerts/correlation.js';
import type { Environment } from '../environment.js';
import { type DeviceSelection, type DeviceSummary, gatewayOwner } from '../ports.js';
import type { PresenceState } from '../presence/ports.js';
import { lastSeen, shownFacts } from '../presence/shown-facts.js';
import type { OwnHardware } from './own-hardware.js';
import { deviceOfRecord, recordName } from './record-name.js';

/** What the gateway says of itself. */
export interface OwnDescription {
  readonly devId: string;
  readonly softwareVersion: string;
  /** Asked for each session; absent, or without an answer yet: unknown. */
  readonly hardware?: () => OwnHardware | undefined;
}

const manufacturer = 'Postern';
const model = 'DM Gateway';
/** Where the box's own inventory stands. */
const hardwareRoot = './Hardware';

/** The DevInfo of the gateway's own package 1. @see OMA DM StdObj 1.2 § 5.3.2 */
export function ownDevInfo({ devId }: OwnDescription): readonly Item[] {
  const leaves = { DevId: devId, Man: manufacturer, Mod: model, DmV: '1.2', Lang: 'en' };
  return Object.entries(leaves).map(([leaf, Data]) => ({
    Source: { LocURI: `./DevInfo/${leaf}` },
    Meta: { Format: 'chr', Type: 'text/plain' },
    Data,
  }));
}

/** The gateway's own tree as one of its servers may see it: itself, that server's account, and the inventory. */
export function ownTree(env: Environment, description: OwnDescription, serverId: string): ManagementTree {
  const { softwareVersion } = description;
  const box = description.hardware?.();
  // It is made for one session: what a server added would be gone after it, although it had been answered 200.
  const tree = new ManagementTree({ objects: standardObjects, rootAcl: { Get: ['*'] } });
  tree.mount('./DevInfo', devInfo({ DevId: description.devId, Man: manufacturer, Mod: model, DmV: '1.2', Lang: 'en' }));
  tree.mount(
    './DevDetail',
    devDetail({
      DevTyp: 'gateway',
      OEM: box?.manufacturer ?? manufacturer,
      FwV: box?.system ?? softwareVersion,
      SwV: softwareVersion,
      HwV: box?.model ?? process.arch,
      LrgObj: true,
    }),
  );
  if (box !== undefined) tree.mount(hardwareRoot, hardware(box));
  mountAccount(tree, env, serverId);
  tree.mount(inventoryRoot, inventoryNode(env, serverId));
  return tree;
}

function mountAccount(tree: ManagementTree, env: Environment, serverId: string): void {
  const account = env.store.accounts.get(gatewayOwner, serverId);
  if (account === undefined) return;
  const name = serverId.replace(/[/?]/g, '_');
  const node = dmAcc({ id: name, serverId, name: account.name, addresses: [{ addr: account.address, addrType: 'URI' }] });
  // Read only: what the gateway's operator has set, its servers do not change.
  tree.mount(
    `./DMAcc/${name}`,
    provideInterior({ type: node.type, access: ['Get'], children: () => node.children(), child: (child) => node.child(child) }),
  );
}

function inventoryNode(env: Environment, serverId: string) {
  const { inventory, accounts } = env.store;
  const policy = accounts.get(gatewayOwner, serverId)?.correlation ?? 'none';
  const isVisible = (device: DeviceSummary) =>
    device.associationEpoch > 0 &&
    device.presence !== 'quarantined' &&
    (policy === 'all' || (policy === 'own-devices' && accounts.has(device.id, serverId)));
  const visible: DeviceSelection = { attached: true, ...(policy === 'own-devices' ? { managedBy: serverId } : {}) };
  return gwInventory({
    ids: () => (policy === 'none' ? [] : recordNames(inventory.ids(visible))),
    record: (name) => {
      const id = deviceOfRecord(name);
      const device = id === undefined ? undefined : inventory.find(id);
      return device !== undefined && isVisible(device) ? recordOf(device) : undefined;
    },
  });
}

function* recordNames(ids: Iterable<string>): Generator<string> {
  for (const id of ids) yield recordName(id);
}

/** What a server is told of where a device stands; of one in quarantine it is told nothing. */
const statusOf: Readonly<Record<PresenceState, string>> = {
  known: inventoryStatuses.detached,
  attached: inventoryStatuses.attached,
  detached: inventoryStatuses.detached,
  unreachable: inventoryStatuses.unreachable,
  quarantined: inventoryStatuses.detached,
};

function recordOf(device: DeviceSummary): RecordValues {
  const { id, mode, presence, associationEpoch } = device;
  const facts = shownFacts(device);
  const seen = lastSeen(device);
  return {
    deviceId: id,
    componentType: inventoryComponentTypes.endDevice,
    mode: inventoryModes[mode],
    protocol: mode === 'adaptation' ? 'unknown' : 'oma-dm',
    status: statusOf[presence],
    associationEpoch: String(associationEpoch),
    ...(facts.address === undefined ? {} : { address: facts.address }),
    ...(facts.manufacturer === undefined ? {} : { manufacturer: facts.manufacturer }),
    ...(facts.model === undefined ? {} : { model: facts.model }),
    ...(facts.firmware === undefined ? {} : { firmware: facts.firmware }),
    ...(seen === undefined ? {} : { lastSeen: formatTimestamp(seen) }),
  };
}
