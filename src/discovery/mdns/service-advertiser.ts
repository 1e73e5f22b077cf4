import type { Clock, Entropy, Log, Milliseconds, Timer } from '#src/base/index.js';
import type { MdnsMessage, MdnsSender } from './link.js';
import { type OwnRecords, type OwnService, ownRecords } from './own-service.js';
import { type MdnsQuestion, type MdnsRecord, sameName } from './record.js';

/** @see RFC 6762 § 8.1 (probes), § 8.3 (announcements), § 6 (a record is multicast once in a second at most) */
const probes = { count: 3, pause: 250 };
const announcements = { count: 2, pause: 1000 };
const oncePer: Milliseconds = 1000;
/** Whoever has defended a name so often has won; then we wait before each further one. @see RFC 6762 § 8.1 */
const conflictsAtOnce = 15;
const afterConflicts: Milliseconds = 5000;
/** Answers of several hosts to one question do not collide. @see RFC 6762 § 6 */
const answerDelay = { least: 20, spread: 100 };

export interface ServiceAdvertiserOptions {
  readonly service: OwnService;
  /** Ours, on this link. */
  readonly address: string;
  readonly sender: MdnsSender;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
}

/**
 * Makes the gateway's own service known on one link: probes for its names, announces it, answers questions and says goodbye. Every
 * answer is multicast, also one that was asked for unicast, and a question from another port than 5353 gets none: so nobody can
 * make us send to a third party, and no record leaves more than once in a second.
 * @see RFC 6762 § 6, § 8, § 9, § 10.1
 */
export class ServiceAdvertiser {
  readonly #options: ServiceAdvertiserOptions;
  /** When each record left last, by name and type. */
  readonly #sent = new Map<string, Milliseconds>();
  #state: 'probing' | 'announced' | 'stopped' = 'stopped';
  #attempt = 1;
  #conflicts = 0;
  #records: OwnRecords;
  #timer: Timer | undefined;
  #answering: Timer | undefined;
  readonly #wanted = new Set<MdnsRecord>();

  constructor(options: ServiceAdvertiserOptions) {
    this.#options = options;
    this.#records = ownRecords(options.service, options.address, this.#attempt);
  }

  /** What the service is called now, such as `home._oma-dm._tcp.local`. */
  get instance(): string {
    return this.#records.instance;
  }

  start(): void {
    this.#state = 'probing';
    this.#later('probe', this.#options.entropy.below(probes.pause), () => this.#probe(probes.count));
  }

  /** Takes everything back. */
  async stop(): Promise<void> {
    const wasKnown = this.#state === 'announced';
    this.#state = 'stopped';
    this.#timer?.cancel();
    this.#answering?.cancel();
    if (wasKnown) await this.#options.sender.respond(this.#goodbye());
  }

  take(message: MdnsMessage): void {
    if (this.#state === 'stopped') return;
    if (message.kind === 'response') this.#defend([...message.answers, ...message.additionals]);
    else this.#takeQuery(message);
  }

  #takeQuery({ questions, answers, authorities }: MdnsMessage): void {
    if (this.#state === 'probing') this.#yieldTo(authorities);
    else this.#answer(questions, answers);
  }

  #probe(left: number): void {
    if (left === 0) return this.#announce(announcements.count);
    const { unique, instance, host } = this.#records;
    const questions = [instance, host].map((name) => ({ name, type: 'ANY' as const }));
    // Others must not forget what they know of these names because somebody asks for them.
    this.#options.sender.query(
      questions,
      unique.map((record) => ({ ...record, flush: false })),
    );
    this.#later('probe', probes.pause, () => this.#probe(left - 1));
  }

  #announce(left: number): void {
    if (this.#state === 'probing') this.#options.log.info({ instance: this.instance }, 'the gateway can be found by mDNS');
    this.#state = 'announced';
    this.#send(this.#all());
    if (left > 1) this.#later('announce', announcements.pause, () => this.#announce(left - 1));
  }

  /** Somebody else has one of our names, with other data. */
  #defend(records: readonly MdnsRecord[]): void {
    if (!records.some((record) => record.ttl > 0 && this.#contradicts(record))) return;
    // What was announced is tried again under the same name first: perhaps the other one is gone. @see RFC 6762 § 9
    const rename = this.#state === 'probing';
    if (rename) this.#rename();
    this.#conflicts += 1;
    this.#state = 'probing';
    this.#later('probe', this.#conflicts > conflictsAtOnce ? afterConflicts : probes.pause, () => this.#probe(probes.count));
  }

  #rename(): void {
    const { service, address, log } = this.#options;
    const taken = this.instance;
    this.#attempt += 1;
    this.#records = ownRecords(service, address, this.#attempt);
    this.#wanted.clear();
    this.#sent.clear();
    log.warn({ taken, instance: this.instance }, 'the name is taken on this network, so the gateway takes another');
  }

  /**
   * Two who probe for the same name in the same moment both stop, and begin again after a second and a random moment more: the first
   * to announce has it. (The comparison of RFC 6762 § 8.2.1 would spare the winner that second.)
   */
  #yieldTo(authorities: readonly MdnsRecord[]): void {
    if (!authorities.some((record) => this.#contradicts(record))) return;
    const { entropy } = this.#options;
    this.#later('probe', 1000 + entropy.below(probes.pause * probes.count), () => this.#probe(probes.count));
  }

  /** A unique record of ours has another value there. */
  #contradicts(record: MdnsRecord): boolean {
    const ours = this.#records.unique.filter(({ name, type }) => type === record.type && sameName(name, record.name));
    return ours.length > 0 && !ours.some((own) => sameData(own, record));
  }

  #answer(questions: readonly MdnsQuestion[], known: readonly MdnsRecord[]): void {
    const asked = this.#all().filter((record) => questions.some((question) => isAnswer(record, question)));
    const unknown = asked.filter((record) => !known.some((other) => isFresh(other, record)));
    for (const record of this.#withDetails(unknown)) this.#wanted.add(record);
    if (this.#wanted.size === 0) return;
    const { clock, entropy } = this.#options;
    const delay = answerDelay.least + entropy.below(answerDelay.spread);
    this.#answering ??= clock.timer('answer mDNS', delay, () => this.#sendWanted());
  }

  /** Who asks which services there are wants to know where they are too. @see RFC 6763 § 12.1 */
  #withDetails(records: readonly MdnsRecord[]): readonly MdnsRecord[] {
    const leadsToUs = records.some(({ type, name }) => type === 'PTR' && name === this.#records.shared[1]?.name);
    return leadsToUs ? [...records, ...this.#records.unique] : records;
  }

  #sendWanted(): void {
    this.#answering = undefined;
    const now = this.#options.clock.monotonic();
    const due = [...this.#wanted].filter((record) => now - (this.#sent.get(keyOf(record)) ?? Number.NEGATIVE_INFINITY) >= oncePer);
    this.#wanted.clear();
    this.#send(due);
  }

  #send(records: readonly MdnsRecord[]): void {
    if (records.length === 0) return;
    for (const record of records) this.#sent.set(keyOf(record), this.#options.clock.monotonic());
    void this.#options.sender.respond(records);
  }

  #all(): MdnsRecord[] {
    return [...this.#records.shared, ...this.#records.unique];
  }

  /** What is shared with other gateways stays theirs. */
  #goodbye(): MdnsRecord[] {
    return this.#all()
      .slice(1)
      .map((record) => ({ ...record, ttl: 0 }));
  }

  #later(name: string, delay: Milliseconds, run: () => void): void {
    this.#timer?.cancel();
    this.#timer = this.#options.clock.timer(`${name} mDNS`, delay, run);
  }
}

function keyOf({ name, type }: MdnsRecord): string {
  return `${type} ${name}`;
}

function isAnswer({ name, type }: MdnsRecord, question: MdnsQuestion): boolean {
  return (question.type === 'ANY' || question.type === type) && sameName(name, question.name);
}

/** The asker knows it for at least half of its life. @see RFC 6762 § 7.1 */
function isFresh(known: MdnsRecord, record: MdnsRecord): boolean {
  return known.type === record.type && sameName(known.name, record.name) && sameData(known, record) && known.ttl >= record.ttl / 2;
}

function sameData(one: MdnsRecord, other: MdnsRecord): boolean {
  if (one.type === 'SRV' && other.type === 'SRV') return one.data.port === other.data.port && sameName(one.data.target, other.data.target);
  if (one.type === 'PTR' && other.type === 'PTR') return sameName(one.data, other.data);
  return one.type === other.type && JSON.stringify(one.data) === JSON.stringify(other.data);
}
