import type { Milliseconds } from '#src/base/index.js';
import { type DescribedService, textPairs } from './identity.js';
import { isAskable, type MdnsRecord } from './record.js';

/** Services remembered of one neighbour, and addresses of its name. */
const mostServices = 32;
const mostAddresses = 16;
/** A service that is taken back may come again at once, when its program restarts. @see RFC 6762 § 10.1 */
const reprieve = 1000;
/** A longer time to live is believed this long only. */
const longestLife = 86_400;

interface Service {
  readonly name: string;
  readonly type: string;
  ttl: number;
  expires: Milliseconds;
  target?: string;
  /** Absent until its TXT record came. */
  texts?: ReadonlyMap<string, string>;
  asked: boolean;
  leaving: boolean;
}

/** What one neighbour, known by its address, says that it offers. Others cannot take back what it has said. */
export class NeighbourServices {
  readonly address: string;
  readonly #services = new Map<string, Service>();
  readonly #addresses = new Map<string, string[]>();

  constructor(address: string) {
    this.address = address;
  }

  /** Takes the records of one message of this neighbour; `types` are the service types that are looked for. */
  take(records: readonly MdnsRecord[], types: ReadonlySet<string>, now: Milliseconds): void {
    for (const record of records) if (record.type === 'PTR') this.#takeInstance(record, types, now);
    for (const record of records) this.#takeDetail(record, now);
  }

  /** Those that are its own and not expired, in the order in which they came. */
  present(now: Milliseconds): (DescribedService & { readonly name: string })[] {
    return [...this.#services.values()]
      .filter((service) => service.expires > now && this.#isOwn(service))
      .map(({ name, type, texts = new Map() }) => ({ name, type, texts }));
  }

  /** Forgets what has expired. @returns whether that left nothing, and all of what was left last had been taken back */
  prune(now: Milliseconds): 'present' | 'goodbye' | 'silent' {
    const expired = [...this.#services.values()].filter(({ expires }) => expires <= now);
    for (const { name } of expired) this.#services.delete(name.toLowerCase());
    if (this.#services.size > 0) return 'present';
    return expired.length > 0 && expired.every(({ leaving }) => leaving) ? 'goodbye' : 'silent';
  }

  /** Names of services whose whereabouts or description has not come with them, each once. */
  toResolve(): string[] {
    const open = [...this.#services.values()].filter(
      ({ name, target, texts, asked }) => (target === undefined || texts === undefined) && !asked && isAskable(name),
    );
    for (const service of open) service.asked = true;
    return open.map(({ name }) => name);
  }

  /** Whether something is about to go because it was taken back. */
  get isLeaving(): boolean {
    return [...this.#services.values()].some(({ leaving }) => leaving);
  }

  /** The longest time to live of its services, in seconds. */
  get longestTtl(): number {
    return Math.max(0, ...[...this.#services.values()].map(({ ttl }) => ttl));
  }

  /** When the first of its services should be asked for again: at four fifths of its life. @see RFC 6762 § 5.2 */
  get refreshAt(): Milliseconds {
    return Math.min(...[...this.#services.values()].map(({ expires, ttl }) => expires - ttl * 200));
  }

  #takeInstance({ name, data, ttl }: MdnsRecord & { type: 'PTR' }, types: ReadonlySet<string>, now: Milliseconds): void {
    const type = name.toLowerCase().replace(/\.local$/, '');
    const key = data.toLowerCase();
    if (!types.has(type) || !key.endsWith(`.${type}.local`)) return;
    const known = this.#services.get(key);
    if (ttl === 0) leave(known, now);
    else if (known !== undefined) renew(known, ttl, now);
    else if (this.#services.size < mostServices) this.#services.set(key, renew(newService(data, type), ttl, now));
  }

  #takeDetail(record: MdnsRecord, now: Milliseconds): void {
    const service = this.#services.get(record.name.toLowerCase());
    if (record.type === 'A') this.#takeAddress(record);
    else if (service === undefined) return;
    else if (record.type === 'SRV' && record.ttl === 0) leave(service, now);
    else if (record.type === 'SRV') service.target = record.data.target;
    else if (record.type === 'TXT') service.texts = textPairs(record.data);
  }

  #takeAddress({ name, data, ttl }: MdnsRecord & { type: 'A' }): void {
    const key = name.toLowerCase();
    const others = (this.#addresses.get(key) ?? []).filter((address) => address !== data);
    const addresses = (ttl === 0 ? others : [...others, data]).slice(-mostAddresses);
    if (addresses.length === 0) this.#addresses.delete(key);
    else if (this.#addresses.has(key) || this.#addresses.size < mostAddresses) this.#addresses.set(key, addresses);
  }

  /** A neighbour may tell of services on another host; that host has to say so itself. */
  #isOwn({ target }: Service): boolean {
    if (target === undefined) return true;
    const addresses = this.#addresses.get(target.toLowerCase());
    return addresses === undefined || addresses.includes(this.address);
  }
}

function newService(name: string, type: string): Service {
  return { name, type, ttl: 0, expires: 0, asked: false, leaving: false };
}

function renew(service: Service, ttl: number, now: Milliseconds): Service {
  service.ttl = Math.min(ttl, longestLife);
  service.expires = now + service.ttl * 1000;
  service.leaving = false;
  return service;
}

function leave(service: Service | undefined, now: Milliseconds): void {
  if (service === undefined || service.leaving) return;
  service.leaving = true;
  service.expires = Math.min(service.expires, now + reprieve);
}
