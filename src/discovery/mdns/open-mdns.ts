import type { Clock, Counters, Entropy, Log, Milliseconds } from '#src/base/index.js';
import type { Sightings } from '#src/gateway/index.js';
import { type Lan, lanOf } from '../lan.js';
import { type MdnsMessage, openMdnsLink } from './link.js';
import { type Neighbours, readNeighbour } from './neighbours.js';
import type { OwnService } from './own-service.js';
import { ServiceAdvertiser } from './service-advertiser.js';
import { ServiceBrowser } from './service-browser.js';

export interface MdnsOptions {
  /** Names of the interfaces of the LAN. */
  readonly interfaces: readonly string[];
  /** Service types to look for, such as `_ipp._tcp`. */
  readonly types: readonly string[];
  /** The longest pause between two questions. */
  readonly every: Milliseconds;
  /** Absent: the gateway is not made known. */
  readonly advertise?: OwnService;
  readonly sightings: Sightings;
  /** Absent: what is dropped is not counted. */
  readonly counters?: Counters;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
  /** 5353; another one in tests. */
  readonly port?: number;
  /** Linux's table; another one in tests. */
  readonly neighbours?: Neighbours;
}

export interface RunningMdns {
  /** Says goodbye, and closes. */
  close(): Promise<void>;
}

/**
 * Notices who offers services on the LAN, and makes the gateway known there; IPv4 only.
 * @throws PosternError `discovery.interface`, `wire.listen`
 */
export async function openMdns(options: MdnsOptions): Promise<RunningMdns> {
  const links: RunningMdns[] = [];
  const close = async () => void (await Promise.all(links.map((link) => link.close())));
  try {
    for (const lan of options.interfaces.map((device) => lanOf(device))) links.push(await openOn(lan, options));
  } catch (error) {
    await close();
    throw error;
  }
  return { close };
}

async function openOn(lan: Lan, options: MdnsOptions): Promise<RunningMdns> {
  const { advertise, clock, counters, entropy, log, port } = options;
  const takers: ((message: MdnsMessage) => void)[] = [];
  const take = (message: MdnsMessage) => {
    for (const taker of takers) taker(message);
  };
  const link = await openMdnsLink({
    lan,
    take,
    ...(counters === undefined ? {} : { counters }),
    clock,
    log,
    ...(port === undefined ? {} : { port }),
  });
  const browser = new ServiceBrowser({ ...options, neighbours: options.neighbours ?? readNeighbour, lan, sender: link });
  const about = { address: lan.address, sender: link, clock, entropy, log };
  const advertiser = advertise === undefined ? undefined : new ServiceAdvertiser({ service: advertise, ...about });
  takers.push(
    (message) => browser.take(message),
    (message) => advertiser?.take(message),
  );
  browser.start();
  advertiser?.start();
  return {
    close: async () => {
      browser.stop();
      await advertiser?.stop();
      await link.close();
    },
  };
}
