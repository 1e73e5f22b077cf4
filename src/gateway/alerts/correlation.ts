import { gwmoAlertTypes, inventoryRecordPath } from '#src/dm/objects/index.js';
import { alertCode } from '#src/dm/session/index.js';
import type { Environment } from '../environment.js';
import { recordName } from '../own/record-name.js';
import { type Account, type DeviceSummary, gatewayOwner } from '../ports.js';
import type { Report } from './outbox.js';

/** Where the Inventory MO stands in the gateway's own tree. */
export const inventoryRoot = './GwInventory';

type Told = Pick<Account, 'serverId' | 'correlation'>;
type Association = Pick<DeviceSummary, 'id' | 'associationEpoch'>;

/**
 * Tells DM servers which devices this gateway has. What is told carries `<device>/<association number>`, so that a
 * receiver counts a repeat once.
 * @see OMA GwMO 1.1 (deviceattached, devicedetached); DM20:DM-HLF-023
 */
export class Correlation {
  readonly #env: Pick<Environment, 'store' | 'clock' | 'log'>;
  readonly #wake: () => void;

  /** @param wake called when there is something new to tell */
  constructor(env: Pick<Environment, 'store' | 'clock' | 'log'>, wake: () => void) {
    this.#env = env;
    this.#wake = wake;
  }

  /** A device has come: whoever is to know of it hears so, after having heard that it left before. */
  attached(id: string): void {
    const associationEpoch = this.#env.store.inventory.epoch(id);
    if (associationEpoch === undefined) return;
    const device = { id, associationEpoch };
    this.#tellAttached(device, this.#env.store.accounts.policies());
    this.#forgetBefore(device);
    this.#wake();
  }

  /** A device has left: whoever has heard, or is to hear, that it came hears of it, after that. */
  detached(id: string): void {
    const device = this.#env.store.inventory.find(id);
    if (device !== undefined) this.#tellDetached(device, this.#env.store.accounts.servers(gatewayOwner));
    this.#wake();
  }

  /** After accounts have changed, or reports were not taken: whoever has not heard how a device stands hears it now; what was told is not repeated. */
  reconcile(): void {
    const accounts = this.#env.store.accounts.policies();
    const servers = accounts.map(({ serverId }) => serverId);
    const devices = accounts.length === 0 ? [] : this.#env.store.inventory.each();
    for (const device of devices) {
      if (device.associationEpoch === 0) continue;
      if (isHere(device)) this.#tellAttached(device, accounts);
      else this.#tellDetached(device, servers);
    }
    this.#wake();
  }

  /** Which of the gateway's servers have been told how the present association stands, and which not yet. */
  reported(device: DeviceSummary): { readonly serverId: string; readonly state: 'pending' | 'delivered' | 'refused' | 'expired' }[] {
    return this.#env.store.accounts.servers(gatewayOwner).flatMap((serverId) => {
      const origin = isHere(device) ? attachedOrigin(device) : detachedOrigin(device);
      const state = this.#env.store.outbox.outcome(gatewayOwner, serverId, origin);
      return state === undefined ? [] : [{ serverId, state }];
    });
  }

  #tellAttached(device: Association, accounts: readonly Told[]): void {
    const after = device.associationEpoch > 1 ? detachedOrigin(device, device.associationEpoch - 1) : undefined;
    for (const { serverId } of accounts.filter((candidate) => this.#isToKnow(candidate, device))) {
      const queued = this.#queue(serverId, attachedOrigin(device), after, report(device, gwmoAlertTypes.deviceAttached));
      if (queued) this.#env.log.info({ device: device.id, serverId }, 'a DM server is to hear of a device');
    }
  }

  /** A server that refused the attachment for good knows of nothing that could end. */
  #tellDetached(device: Association, servers: readonly string[]): void {
    const after = attachedOrigin(device);
    for (const serverId of servers) {
      const heard = this.#env.store.outbox.outcome(gatewayOwner, serverId, after);
      if (heard !== 'pending' && heard !== 'delivered') continue;
      const queued = this.#queue(serverId, detachedOrigin(device), after, report(device, gwmoAlertTypes.deviceDetached));
      if (queued) this.#env.log.info({ device: device.id, serverId }, 'a DM server is to hear that a device has left');
    }
  }

  #queue(serverId: string, origin: string, after: string | undefined, alert: Report): boolean {
    const now = this.#env.clock.now();
    return this.#env.store.outbox.enqueue({
      owner: gatewayOwner,
      serverId,
      alert: JSON.stringify(alert),
      origin,
      ...(after === undefined ? {} : { after }),
      createdAt: now,
      nextAt: now,
    });
  }

  /** What became of associations that are over would be kept for ever, and a device comes and goes as often as it likes. */
  #forgetBefore(device: Association): void {
    const { outbox } = this.#env.store;
    for (const epoch of [device.associationEpoch - 1, device.associationEpoch - 2].filter((earlier) => earlier > 0)) {
      outbox.forget(gatewayOwner, attachedOrigin(device, epoch));
      outbox.forget(gatewayOwner, detachedOrigin(device, epoch));
    }
  }

  #isToKnow({ correlation, serverId }: Told, device: Association): boolean {
    if (correlation === 'own-devices') return this.#env.store.accounts.has(device.id, serverId);
    return correlation === 'all';
  }
}

function isHere({ presence }: DeviceSummary): boolean {
  return presence === 'attached' || presence === 'unreachable';
}

function attachedOrigin({ id, associationEpoch }: Association, epoch = associationEpoch): string {
  return `attached:${association(id, epoch)}`;
}

function detachedOrigin({ id, associationEpoch }: Association, epoch = associationEpoch): string {
  return `detached:${association(id, epoch)}`;
}

function association(id: string, epoch: number): string {
  return `${id}/${epoch}`;
}

function report({ id, associationEpoch }: Association, type: string): Report {
  return {
    Data: alertCode.generic,
    Item: [
      {
        Source: { LocURI: `${inventoryRoot}/${inventoryRecordPath(recordName(id))}` },
        Meta: { Format: 'chr', Type: type },
        Data: association(id, associationEpoch),
      },
    ],
  };
}
