import { type Clock, type Log, type Milliseconds, PosternError, SourceLimit } from '#src/base/index.js';
import type { Sightings } from '#src/gateway/index.js';
import type { Announcement } from './announcement.js';
import { type DeviceDescription, readDescription } from './device-description.js';
import type { Drops } from './drops.js';
import { fetchDescription } from './fetch-description.js';

export interface FinderParts {
  /** Our own address on the network. */
  readonly address: string;
  /** The gateway's own DevId: it does not find itself. */
  readonly devId: string;
  readonly sightings: Sightings;
  readonly drops: Drops;
  readonly clock: Clock;
  readonly log: Log;
}

interface Known {
  readonly address: string;
  readonly location: string;
  readonly description: DeviceDescription;
  /** When it is to be read again. */
  readonly readAgain: Milliseconds;
  /** Until when its promise lasts; then it makes room for others. */
  until: Milliseconds;
}

const minute = 60_000;
const day = 86_400_000;
/** Of devices that promise nothing. */
const usualPromise = 30 * minute;
const mostKnown = 1_024;
const mostOfOneAddress = 16;
const fetchesAtOnce = 4;
const fetchesOfOneAddress = 8;

/**
 * Tells which root devices are there. A device counts only once its description, fetched from the address that it was announced from,
 * has its UDN: a datagram alone, whose source anybody can write, makes nobody appear, nor disappear from elsewhere.
 */
export class Finder {
  readonly #parts: FinderParts;
  readonly #known = new Map<string, Known>();
  readonly #fetching = new Set<string>();
  readonly #fetches: SourceLimit;
  readonly #end = new AbortController();

  constructor(parts: FinderParts) {
    this.#parts = parts;
    this.#fetches = new SourceLimit({ most: fetchesOfOneAddress, every: minute, clock: parts.clock, sources: mostKnown });
  }

  /** A device has been heard. */
  heard(announcement: Announcement): void {
    const { address, devId, clock } = this.#parts;
    const { id } = announcement;
    if (id === devId || announcement.address === address || this.#end.signal.aborted) return;
    const known = this.#known.get(id);
    if (known !== undefined && isSame(known, announcement) && clock.monotonic() < known.readAgain) this.#seen(announcement, known);
    else if (!this.#fetching.has(id)) this.#fetch(announcement);
  }

  /** A device says goodbye; it is believed from the address that it was found at. */
  departed(id: string, address: string): void {
    if (this.#known.get(id)?.address !== address) return;
    this.#known.delete(id);
    this.#parts.sightings.gone(id, 'ssdp');
  }

  close(): void {
    this.#end.abort();
  }

  #seen({ id, address, heartbeat }: Announcement, known: Known): void {
    known.until = this.#parts.clock.monotonic() + (heartbeat ?? usualPromise);
    this.#parts.sightings.seen({ id, by: 'ssdp', address, ...known.description, ...(heartbeat === undefined ? {} : { heartbeat }) });
  }

  #fetch(announcement: Announcement): void {
    const { id, address } = announcement;
    if (!this.#hasRoom(id, address)) return this.#parts.drops.count('no-room');
    if (this.#fetching.size >= fetchesAtOnce || !this.#fetches.admits(address)) return this.#parts.drops.count('too-many');
    this.#fetching.add(id);
    void this.#describe(announcement).finally(() => this.#fetching.delete(id));
  }

  async #describe(announcement: Announcement): Promise<void> {
    const { address: from, clock, drops, log } = this.#parts;
    const { id, address, location } = announcement;
    try {
      const bytes = await fetchDescription({ location, from, signal: this.#end.signal, clock });
      this.#found(announcement, readDescription(bytes, id));
    } catch (error) {
      if (!(error instanceof PosternError)) throw error;
      if (this.#end.signal.aborted) return;
      drops.count('description');
      log.info({ device: id, address, why: error.message }, 'a device was announced that is not taken');
    }
  }

  #found(announcement: Announcement, description: DeviceDescription): void {
    const { id, address, location } = announcement;
    if (this.#end.signal.aborted) return;
    const now = this.#parts.clock.monotonic();
    const known = { address, location: location.href, description, readAgain: now + day, until: now };
    this.#known.set(id, known);
    this.#seen(announcement, known);
  }

  #hasRoom(id: string, address: string): boolean {
    if (this.#known.get(id)?.address === address) return true;
    if (this.#known.size >= mostKnown || this.#countOf(address) >= mostOfOneAddress) this.#forgetSilent();
    return this.#known.size < mostKnown && this.#countOf(address) < mostOfOneAddress;
  }

  #countOf(address: string): number {
    let count = 0;
    for (const known of this.#known.values()) if (known.address === address) count += 1;
    return count;
  }

  #forgetSilent(): void {
    const now = this.#parts.clock.monotonic();
    for (const [id, { until }] of this.#known) if (until < now) this.#known.delete(id);
  }
}

function isSame(known: Known, { address, location }: Announcement): boolean {
  return known.address === address && known.location === location.href;
}
