import type { Clock, Counters, Entropy, Log, Milliseconds, Timer } from '#src/base/index.js';
import type { Sightings } from '#src/gateway/index.js';
import { type Lan, lanOf } from '../lan.js';
import { Drops } from './drops.js';
import type { GatewayFacts } from './gateway-description.js';
import { type LinkParts, openLink, type SsdpLink } from './link.js';

export interface SsdpOptions {
  /** Names of the interfaces of the LAN. */
  readonly interfaces: readonly string[];
  readonly searchInterval: Milliseconds;
  /** The gateway's own DevId, `urn:uuid:…`. */
  readonly devId: string;
  readonly sightings: Sightings;
  /** Absent: the gateway neither announces itself nor answers. */
  readonly respond?: {
    /** Of its description; 0 for any free one. */
    readonly port: number;
    /** What devices on this network are told of it. */
    facts(lan: Lan): Omit<GatewayFacts, 'udn'>;
  };
  /** Absent: what is dropped is only logged. */
  readonly counters?: Counters;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
  /** The network of an interface; tests bring their own. */
  readonly lanOf?: (device: string) => Lan;
  /** Of the group; tests use another than SSDP's. */
  readonly port?: number;
}

export interface RunningSsdp {
  /** Why datagrams were dropped, and how many. */
  readonly drops: Drops;
  /** Says goodbye. */
  close(): Promise<void>;
}

/** @see UPnP Device Architecture 1.1 § 1.2.1, § 1.3.2 */
const group = '239.255.255.250';
const ssdpPort = 1_900;
/** Datagrams get lost. */
const searchAgain: Milliseconds = 3_000;

/**
 * Finds UPnP devices on the LAN, and lets them find the gateway.
 * @throws PosternError `discovery.interface`, `wire.listen`
 */
export async function openSsdp(options: SsdpOptions): Promise<RunningSsdp> {
  const ssdp = new Ssdp(options);
  await ssdp.open();
  return ssdp;
}

class Ssdp implements RunningSsdp {
  readonly drops: Drops;
  readonly #options: SsdpOptions;
  readonly #links = new Map<string, SsdpLink>();
  #next: Timer | undefined;
  #again: Timer | undefined;
  #work: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: SsdpOptions) {
    this.#options = options;
    this.drops = new Drops(options.counters);
  }

  async open(): Promise<void> {
    try {
      for (const device of this.#options.interfaces) await this.#openLink(device);
    } catch (error) {
      await this.close();
      throw error;
    }
    this.#search();
    this.#plan();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#next?.cancel();
    this.#again?.cancel();
    await this.#work;
    await Promise.all([...this.#links.values()].map((link) => link.close()));
    this.#links.clear();
  }

  #plan(): void {
    const { clock, searchInterval } = this.#options;
    this.#next = clock.timer('the next search of SSDP', searchInterval, () => {
      this.#work = this.#round();
    });
  }

  async #round(): Promise<void> {
    for (const device of this.#options.interfaces) await this.#mend(device);
    const dropped = this.drops.taken();
    if (dropped !== undefined) this.#options.log.info({ dropped }, 'datagrams of SSDP were dropped');
    if (this.#closed) return;
    this.#search();
    this.#plan();
  }

  #search(): void {
    const ask = () => {
      for (const link of this.#links.values()) link.search();
    };
    ask();
    this.#again = this.#options.clock.timer('an SSDP search once more', searchAgain, ask);
  }

  /** An interface gets another address, goes and comes back: the program need not be started again for that. */
  async #mend(device: string): Promise<void> {
    const { log } = this.#options;
    try {
      const link = this.#links.get(device);
      if (link !== undefined && link.failure() === undefined && link.lan.address === this.#lanOf(device).address) return;
      this.#links.delete(device);
      await link?.close();
      await this.#openLink(device);
      log.info({ interface: device }, 'SSDP is open again');
    } catch (error) {
      log.warn({ interface: device, err: error }, 'SSDP is not open; it is tried again at the next search');
    }
  }

  async #openLink(device: string): Promise<void> {
    const link = await openLink(this.#lanOf(device), this.#linkParts());
    this.#links.set(device, link);
  }

  #lanOf(device: string): Lan {
    return (this.#options.lanOf ?? lanOf)(device);
  }

  #linkParts(): LinkParts {
    const { port = ssdpPort } = this.#options;
    return { ...this.#options, group, port, drops: this.drops };
  }
}
