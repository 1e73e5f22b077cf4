import { gwmoAlertTypes, inventoryRecordPath } from '#src/dm/objects/index.js';
import { alertCode } from '#src/dm/session/index.js';
import type { Environment } from './environment.js';
import type { Report } from './outbox.js';
import { type Account, type DeviceSummary, gatewayOwner } from './ports.js';
import { recordName } from './record-name.js';

/** Where the Inventory MO stands in the gateway's own tree. */
export const inventoryRoot = './GwInventory';

type Told = Pick<Account, 'serverId' | 'correlation'>;
type Association = Pick<DeviceSummary, 'id' | 'associationEpoch'>;

/**
 * Tells DM servers which devices this gateway has. What is told carries `<device>/<association number>`, so that a
 * receiver counts a repeat once.
 * @see OMA GwMO 1.1 (deviceattached); DM20:DM-HLF-023
 */
export class Correlation {
  readonly #env: Pick<Environment, 'store' | 'clock' | 'log'>;
  readonly #wake: () => void;

  /** @param wake called when there is something new to tell */
  constructor(env: Pick<Environment, 'store' | 'clock' | 'log'>, wake: () => void) {
    this.#env = env;
    this.#wake = wake;
  }

  attached(id: string): void {
    const associationEpoch = this.#env.store.inventory.epoch(id);
    if (associationEpoch === undefined) return;
    const device = { id, associationEpoch };
    this.#tell(device, this.#env.store.accounts.policies());
    this.#wake();
  }

  /** After accounts have changed: whoever has not heard of an attached device hears of it now; what was told is not repeated. */
  reconcile(): void {
    const accounts = this.#env.store.accounts.policies();
    const devices = accounts.length === 0 ? [] : this.#env.store.inventory.each();
    for (const device of devices) if (device.associationEpoch > 0) this.#tell(device, accounts);
    this.#wake();
  }

  /** Which of the gateway's servers have been told of the present association, and which not yet. */
  reported(device: DeviceSummary): { readonly serverId: string; readonly state: 'pending' | 'delivered' | 'refused' | 'expired' }[] {
    return this.#env.store.accounts.servers(gatewayOwner).flatMap((serverId) => {
      const state = this.#env.store.outbox.outcome(gatewayOwner, serverId, originOf(device));
      return state === undefined ? [] : [{ serverId, state }];
    });
  }

  #tell(device: Association, accounts: readonly Told[]): void {
    const now = this.#env.clock.now();
    for (const account of accounts.filter((candidate) => this.#isToKnow(candidate, device))) {
      const queued = this.#env.store.outbox.enqueue({
        owner: gatewayOwner,
        serverId: account.serverId,
        alert: JSON.stringify(attachedReport(device)),
        origin: originOf(device),
        createdAt: now,
        nextAt: now,
      });
      if (queued) this.#env.log.info({ device: device.id, serverId: account.serverId }, 'a DM server is to hear of a device');
    }
  }

  #isToKnow({ correlation, serverId }: Told, device: Association): boolean {
    if (correlation === 'own-devices') return this.#env.store.accounts.has(device.id, serverId);
    return correlation === 'all';
  }
}

function originOf({ id, associationEpoch }: Association): string {
  return `attached:${association(id, associationEpoch)}`;
}

function association(id: string, epoch: number): string {
  return `${id}/${epoch}`;
}

function attachedReport({ id, associationEpoch }: Association): Report {
  return {
    Data: alertCode.generic,
    Item: [
      {
        Source: { LocURI: `${inventoryRoot}/${inventoryRecordPath(recordName(id))}` },
        Meta: { Format: 'chr', Type: gwmoAlertTypes.deviceAttached },
        Data: association(id, associationEpoch),
      },
    ],
  };
}
