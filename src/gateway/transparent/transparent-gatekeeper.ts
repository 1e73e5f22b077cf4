import { LimitedLog } from '#src/base/index.js';
import type { Environment } from '../environment.js';
import type { Inventory } from '../inventory.js';
import type { DeviceRecord, DeviceSummary } from '../ports.js';
import { isListed, leadsOut, placeOf } from './allowed-places.js';
import { type AllowedPlace, type Caller, type Destination, type Gatekeeper, nameIndexAge, type TransparentSettings } from './gatekeeper.js';
import { type Claim, claimsOf, proves, provesNothing } from './proxy-credentials.js';

const nothing: TransparentSettings = { allow: [], addresses: new Map() };

/**
 * Who may leave through the forward proxy, and where to: transparent devices, to the servers of their accounts and to what the
 * operator allows them all.
 */
export class TransparentGatekeeper implements Gatekeeper {
  readonly #env: Environment;
  readonly #inventory: Inventory;
  readonly #settings: TransparentSettings;
  readonly #complaints: LimitedLog;
  #named = new Map<string, string[]>();
  #indexedAt = Number.NEGATIVE_INFINITY;

  constructor(env: Environment, inventory: Inventory) {
    this.#env = env;
    this.#inventory = inventory;
    this.#settings = env.settings.transparent ?? nothing;
    this.#complaints = new LimitedLog(env);
  }

  identify(caller: Caller): string | undefined {
    if (caller.authorization === undefined) return this.#transparent(this.#settings.addresses.get(caller.address))?.id;
    const device = this.#proved(caller.authorization);
    const { address } = caller;
    if (device === undefined) {
      this.#complaints.warn(
        { reason: 'unproved', source: address },
        { address },
        'the forward proxy was shown credentials that prove nobody',
      );
      return undefined;
    }
    const { id } = device;
    if (caller.encrypted || device.allowPlainHttp) return id;
    const complaint = { reason: 'plain-http', source: id };
    this.#complaints.warn(
      complaint,
      { device: id, address },
      'a device came over plain http without leave (allowPlainHttp); it was refused',
    );
    return undefined;
  }

  permits(device: string, destination: Destination): boolean {
    return isListed(this.#places(device), destination);
  }

  permitsAddress(device: string, destination: Destination, address: string): boolean {
    return leadsOut(this.#places(device), destination, address);
  }

  async contact(id: string, address: string): Promise<void> {
    const device = this.#transparent(id);
    if (device === undefined) return;
    try {
      this.#inventory.contact(device, [], address);
      await this.#env.store.committed();
    } catch (error) {
      // Nothing of the device's own is lost by that: its session is between it and its server.
      this.#env.log.error({ device: id, err: error }, 'the contact with a transparent device could not be kept');
    }
  }

  #places(device: string): AllowedPlace[] {
    return [...this.#settings.allow, ...this.#env.store.accounts.list(device).flatMap(({ address }) => placeOf(address))];
  }

  /** Every claim costs the same, whoever it names: how long it takes tells nobody who is known. */
  #proved(authorization: string): DeviceRecord | undefined {
    let found: DeviceRecord | undefined;
    for (const claim of claimsOf(authorization)) {
      const devices = this.#claimed(claim);
      if (devices.length === 0) provesNothing(claim, this.#env.entropy);
      for (const device of devices) if (proves(claim, device)) found ??= device;
    }
    return found;
  }

  /** Most devices are called by their DevId; for other names there is an index, which a new name may be too new for. */
  #claimed({ userName }: Claim): DeviceRecord[] {
    const byId = this.#withPassword(userName);
    const ids = this.#named.get(userName) ?? this.#reindexed().get(userName) ?? [];
    const byName = ids.flatMap((id) => this.#withPassword(id) ?? []);
    return byId === undefined ? byName : [byId, ...byName];
  }

  #reindexed(): ReadonlyMap<string, string[]> {
    const now = this.#env.clock.monotonic();
    if (now - this.#indexedAt < nameIndexAge) return this.#named;
    this.#indexedAt = now;
    this.#named = grouped(this.#env.store.inventory.each());
    return this.#named;
  }

  #withPassword(id: string): DeviceRecord | undefined {
    const device = this.#transparent(id);
    return device?.south === undefined ? undefined : device;
  }

  #transparent(id: string | undefined): DeviceRecord | undefined {
    const device = id === undefined ? undefined : this.#env.store.inventory.get(id);
    return device?.mode === 'transparent' && device.presence !== 'quarantined' ? device : undefined;
  }
}

/** Transparent devices with a name other than their DevId. */
function grouped(devices: Iterable<DeviceSummary>): Map<string, string[]> {
  const byName = new Map<string, string[]>();
  for (const { id, mode, south } of devices) {
    if (mode !== 'transparent' || south === undefined || south.userName === id) continue;
    const ids = byName.get(south.userName);
    if (ids === undefined) byName.set(south.userName, [id]);
    else ids.push(id);
  }
  return byName;
}
