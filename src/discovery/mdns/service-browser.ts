import type { Clock, Counters, Entropy, Log, Milliseconds, Timer } from '#src/base/index.js';
import type { Sightings } from '#src/gateway/index.js';
import { macUrn } from '../device-urn.js';
import type { Lan } from '../lan.js';
import { plainLine } from '../plain-line.js';
import { factOf, identityOf } from './identity.js';
import type { MdnsMessage, MdnsSender } from './link.js';
import { NeighbourServices } from './neighbour-services.js';
import type { Neighbours } from './neighbours.js';
import type { MdnsQuestion } from './record.js';

/** Neighbours remembered at once; further ones are not noticed until one of these has gone. */
const mostNeighbours = 1000;
/** The messages of one announcement come within this time. */
const settling = 1000;
/** Silence counts after the time to live, but not sooner and not later than this. */
const heartbeatBounds = { least: 60_000, most: 86_400_000 };
/** Pauses between questions triple up to the configured one. @see RFC 6762 § 5.2 */
const firstPause = 1000;
const pauseGrowth = 3;
/** Services that expire sooner do not make us ask more often than this. */
const leastPause = 30_000;
/** How often a neighbour is asked directly, for its MAC address, between two questions to all. */
const directQuestions = 3;
const detailTypes = ['SRV', 'TXT'] as const;

export interface ServiceBrowserOptions {
  /** Service types, such as `_ipp._tcp`. */
  readonly types: readonly string[];
  /** The longest pause between two questions. */
  readonly every: Milliseconds;
  readonly lan: Lan;
  readonly sender: MdnsSender;
  readonly sightings: Sightings;
  readonly neighbours: Neighbours;
  /** Absent: neighbours for whom there is no room are not counted. */
  readonly counters?: Counters;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
}

interface Neighbour {
  readonly services: NeighbourServices;
  /** What it was last reported as. */
  id?: string;
  /** It has said something since. */
  heard: boolean;
  asked: number;
}

/**
 * Notices the neighbours that offer services, and that say goodbye. A neighbour whose services name it by nothing that lasts, and whose
 * MAC address the system does not know, is not reported.
 * @see RFC 6763 § 4
 */
export class ServiceBrowser {
  readonly #options: ServiceBrowserOptions;
  readonly #types: ReadonlySet<string>;
  readonly #questions: readonly MdnsQuestion[];
  readonly #neighbours = new Map<string, Neighbour>();
  readonly #unsettled = new Set<string>();
  #asking: Timer | undefined;
  #askedAt: Milliseconds = 0;
  /** Absent until the first question. */
  #pause: Milliseconds | undefined;
  #settling: Timer | undefined;

  constructor(options: ServiceBrowserOptions) {
    this.#options = options;
    this.#types = new Set(options.types.map((type) => type.toLowerCase()));
    this.#questions = options.types.map((type) => ({ name: `${type}.local`, type: 'PTR' as const }));
  }

  start(): void {
    const { clock, entropy } = this.#options;
    // Gateways of a whole street that get their power back would ask in the same moment. @see RFC 6762 § 5.2
    this.#asking = clock.timer('ask for services', 20 + entropy.below(100), () => this.#ask());
  }

  stop(): void {
    this.#asking?.cancel();
    this.#settling?.cancel();
  }

  /** Takes what a neighbour says; questions of others are nothing to us. */
  take({ kind, answers, additionals, from }: MdnsMessage): void {
    const { lan, clock } = this.#options;
    if (kind !== 'response' || from.address === lan.address) return;
    const neighbour = this.#neighbours.get(from.address) ?? this.#newNeighbour(from.address);
    if (neighbour === undefined) return;
    neighbour.services.take([...answers, ...additionals], this.#types, clock.monotonic());
    neighbour.heard = true;
    this.#settleSoon(from.address);
  }

  #newNeighbour(address: string): Neighbour | undefined {
    if (this.#neighbours.size >= mostNeighbours) {
      this.#options.counters?.add('postern_discovery_dropped_total', { protocol: 'mdns', reason: 'no-room' });
      return undefined;
    }
    const neighbour: Neighbour = { services: new NeighbourServices(address), heard: false, asked: 0 };
    this.#neighbours.set(address, neighbour);
    return neighbour;
  }

  #settleSoon(address: string): void {
    this.#unsettled.add(address);
    this.#settling ??= this.#options.clock.timer('settle services', settling, () => this.#settleAll());
  }

  #settleAll(): void {
    this.#settling = undefined;
    const addresses = [...this.#unsettled];
    this.#unsettled.clear();
    for (const address of addresses) this.#settle(address);
    this.#planQuestion();
  }

  #settle(address: string): void {
    const neighbour = this.#neighbours.get(address);
    if (neighbour === undefined) return;
    const { services } = neighbour;
    const state = services.prune(this.#options.clock.monotonic());
    if (state === 'present') return this.#consider(neighbour);
    this.#neighbours.delete(address);
    if (state === 'goodbye') this.#reportGone(neighbour);
  }

  #consider(neighbour: Neighbour): void {
    const { services } = neighbour;
    const names = services.toResolve();
    if (names.length > 0) this.#options.sender.query(names.flatMap((name) => detailTypes.map((type) => ({ name, type }))));
    else this.#report(neighbour, services.present(this.#options.clock.monotonic()));
    if (names.length > 0 || services.isLeaving) this.#settleSoon(services.address);
  }

  #report(neighbour: Neighbour, offered: ReturnType<NeighbourServices['present']>): void {
    if (!neighbour.heard) return;
    const { address, longestTtl } = neighbour.services;
    const id = offered.length === 0 ? undefined : (identityOf(offered) ?? this.#macOf(neighbour));
    if (id === undefined) return;
    if (neighbour.id !== undefined && neighbour.id !== id) this.#reportGone(neighbour);
    neighbour.id = id;
    neighbour.heard = false;
    const { least, most } = heartbeatBounds;
    this.#options.sightings.seen({
      id,
      by: 'mdns',
      address,
      heartbeat: Math.min(most, Math.max(least, longestTtl * 1000)),
      ...shownFacts(offered),
    });
  }

  /** The same device may be here by another address too. */
  #reportGone({ id, services }: Neighbour): void {
    const elsewhere = [...this.#neighbours.values()].some((other) => other.id === id && other.services !== services);
    if (id !== undefined && !elsewhere) this.#options.sightings.gone(id, 'mdns');
  }

  /** Multicast leaves no trace in the table of neighbours: a question to the neighbour alone does. */
  #macOf(neighbour: Neighbour): string | undefined {
    const { lan, neighbours, sender } = this.#options;
    const { address } = neighbour.services;
    const mac = neighbours(address, lan.device);
    const [question] = this.#questions;
    if (mac === undefined && question !== undefined && neighbour.asked < directQuestions) {
      neighbour.asked += 1;
      sender.ask(address, [question]);
      this.#settleSoon(address);
    }
    return mac === undefined ? undefined : macUrn(mac);
  }

  #ask(): void {
    const { every, sender, clock } = this.#options;
    for (const [address, neighbour] of this.#neighbours) {
      neighbour.asked = 0;
      this.#settle(address);
    }
    sender.query(this.#questions);
    this.#askedAt = clock.monotonic();
    this.#pause = this.#pause === undefined ? firstPause : Math.min(every, this.#pause * pauseGrowth);
    this.#planQuestion();
  }

  #planQuestion(): void {
    const { every, clock } = this.#options;
    if (this.#pause === undefined) return;
    const refresh = Math.min(...[...this.#neighbours.values()].map(({ services }) => services.refreshAt)) - this.#askedAt;
    const pause = this.#pause < every ? this.#pause : Math.min(every, Math.max(leastPause, refresh));
    this.#asking?.cancel();
    this.#asking = clock.timer('ask for services', Math.max(0, this.#askedAt + pause - clock.monotonic()), () => this.#ask());
  }
}

/** What can be told for people: the name of the first service, without its type. */
function shownFacts(offered: ReturnType<NeighbourServices['present']>) {
  const [first] = offered;
  const called = first?.texts.get('fn') ?? first?.name.slice(0, -`.${first.type}.local`.length) ?? '';
  const facts = {
    name: plainLine(called),
    manufacturer: plainLine(factOf(offered, 'manufacturer') ?? ''),
    model: plainLine(factOf(offered, 'model') ?? ''),
    firmware: plainLine(factOf(offered, 'firmware') ?? ''),
  };
  return Object.fromEntries(Object.entries(facts).filter(([, fact]) => fact !== undefined)) as Partial<Record<keyof typeof facts, string>>;
}
