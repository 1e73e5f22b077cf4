import type { Milliseconds } from '#src/base/index.js';
import type { Sightings } from '#src/gateway/index.js';
import { macUrn, opsUrn } from '../device-urn.js';
import { plainLine } from '../plain-line.js';
import { type DeviceIdentity, decodeDeviceIdentity } from './option-125.js';

/** Something has happened to a lease. */
export interface DhcpEvent {
  /** `old` is one that was there before: renewed, or told again when the DHCP server starts. */
  readonly action: 'add' | 'old' | 'del';
  readonly mac: string;
  readonly address: string;
  readonly hostname?: string | undefined;
  /** How long the lease still lasts; absent: for ever, or not known. */
  readonly remaining?: Milliseconds | undefined;
  /** Who the device says that it is. */
  readonly identity?: DeviceIdentity | undefined;
  /** The data of its option 125; what it says counts before `identity`. */
  readonly vendorOptions?: Uint8Array | undefined;
}

/** Leases whose device is remembered by its MAC address; the oldest is forgotten beyond that. */
const mostRemembered = 10_000;
const heartbeatBounds = { least: 60_000, most: 30 * 86_400_000 };

/**
 * Turns what happens to leases into sightings. A device is what its option 125 says, else its MAC address: the DHCP server tells option
 * 125 when a lease begins and not later, so it is remembered until the lease ends.
 */
export class LeaseBook {
  readonly #sightings: Sightings;
  readonly #ids = new Map<string, string>();

  constructor(sightings: Sightings) {
    this.#sightings = sightings;
  }

  /** @returns the DevId; undefined where the event names no device */
  take(event: DhcpEvent): string | undefined {
    const mac = macUrn(event.mac);
    const id = statedId(event) ?? (mac === undefined ? undefined : (this.#ids.get(mac) ?? mac));
    if (id === undefined) return undefined;
    const earlier = mac === undefined ? undefined : this.#ids.get(mac);
    if (event.action === 'del') this.#end(id, mac);
    else {
      if (earlier !== undefined && earlier !== id) this.#sightings.gone(earlier, 'dhcp');
      this.#sightings.seen({ id, by: 'dhcp', address: event.address, ...named(event), ...heartbeatOf(event) });
      if (mac !== undefined) this.#remember(mac, id);
    }
    return id;
  }

  #end(id: string, mac: string | undefined): void {
    if (mac !== undefined) this.#ids.delete(mac);
    this.#sightings.gone(id, 'dhcp');
  }

  #remember(mac: string, id: string): void {
    this.#ids.delete(mac);
    this.#ids.set(mac, id);
    const [oldest] = this.#ids.keys();
    if (this.#ids.size > mostRemembered && oldest !== undefined) this.#ids.delete(oldest);
  }
}

function statedId({ identity, vendorOptions }: DhcpEvent): string | undefined {
  const stated = (vendorOptions && decodeDeviceIdentity(vendorOptions)) ?? identity;
  return stated && opsUrn(stated);
}

function named({ hostname = '' }: DhcpEvent) {
  const name = plainLine(hostname);
  return name === undefined ? {} : { name };
}

function heartbeatOf({ remaining }: DhcpEvent) {
  const { least, most } = heartbeatBounds;
  return remaining === undefined ? {} : { heartbeat: Math.min(most, Math.max(least, remaining)) };
}
