import { type Entropy, ManualClock, PosternError, type Timer } from '#src/base/index.js';
import type { DmClientFactory, DmPost, DmReply, DmResponse } from '#src/gateway/index.js';
import { genericAlert } from './commands.js';
import { accountAt, declareDevice, type GatewayUnderTest } from './gateway-under-test.js';
import type { FarServer } from './peers.js';

/** A clock that knows when something is next to happen: a day passes in steps from one event to the other. */
export class EventClock extends ManualClock {
  readonly #due = new Set<{ readonly at: number }>();

  override timer(name: string, delay: number, run: () => void): Timer {
    const entry = { at: this.monotonic() + delay };
    const timer = super.timer(name, delay, () => {
      this.#due.delete(entry);
      run();
    });
    this.#due.add(entry);
    return {
      cancel: () => {
        this.#due.delete(entry);
        timer.cancel();
      },
    };
  }

  /** How long until the next timer fires. */
  get rest(): number {
    return Math.min(...[...this.#due].map(({ at }) => at)) - this.monotonic();
  }
}

/** What a server that is away does with a message: an HTTP status of its own, or no answer at all after a while. */
export type Outage = { readonly status: number; readonly headers?: Record<string, string> } | { readonly silence: number };

/** A session as the server meets it, when its first message comes. */
export interface Arrival {
  readonly host: string;
  /** Monotonic. */
  readonly at: number;
}

/** Servers that are reached without a socket, in the time of the clock, as long as they are not away. */
export class FarAway implements DmClientFactory {
  readonly arrivals: Arrival[] = [];
  /** Messages under way. */
  waiting = 0;
  /** How long a message takes there and back. */
  latency = 0;
  /** By host. */
  readonly outages = new Map<string, Outage>();
  readonly #servers = new Map<string, FarServer>();
  readonly #clock: EventClock;
  /** Whether the answer to a message of a server that is there gets lost on its way. */
  isLost: () => boolean = () => false;

  constructor(clock: EventClock, servers: readonly FarServer[]) {
    this.#clock = clock;
    for (const server of servers) this.#servers.set(new URL(server.url).host, server);
  }

  session() {
    const closed = new AbortController();
    let isOpen = false;
    return {
      post: async (post: DmPost) => {
        const { host } = new URL(post.url);
        if (!isOpen) this.arrivals.push({ host, at: this.#clock.monotonic() });
        isOpen = true;
        return this.#answer(host, post, closed.signal);
      },
      close: () => closed.abort(),
    };
  }

  close(): void {}

  async #answer(host: string, { body, contentType }: DmPost, signal: AbortSignal): Promise<DmReply> {
    const outage = this.outages.get(host) ?? { status: 200 };
    await this.#pass('silence' in outage ? outage.silence : this.latency, signal);
    if (signal.aborted) throw new PosternError('wire.aborted', { address: host });
    if ('silence' in outage) throw new PosternError('wire.refused', { address: host, why: 'nobody is there' });
    if (outage.status !== 200) return replyOf(outage);
    const server = this.#servers.get(host);
    if (server === undefined) throw new Error(`there is no ${host}`);
    const response = await server.handle({ path: '/dm', contentType, body, remoteAddress: '192.0.2.1', encrypted: false, signal });
    if (this.isLost()) throw new PosternError('wire.reset', { address: host });
    return replyOf(response);
  }

  async #pass(time: number, gone: AbortSignal): Promise<void> {
    if (time === 0) return;
    this.waiting += 1;
    await new Promise<void>((resolve) => {
      const timer = this.#clock.timer('far away', time, resolve);
      gone.addEventListener('abort', () => {
        timer.cancel();
        resolve();
      });
    });
    this.waiting -= 1;
  }
}

function replyOf({ status, contentType, body = new Uint8Array(), headers = {} }: DmResponse): DmReply {
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return { status, contentType, body, headers: lower };
}

/** Lets everything run that can without time passing. */
export async function settle({ gateway, store }: GatewayUnderTest, far: FarAway): Promise<void> {
  // A session that begins or ends takes a few turns, and waits for the disk.
  for (let quiet = 0, before = ''; quiet < 6; ) {
    await new Promise((resolve) => setImmediate(resolve));
    await store.committed();
    const open = gateway.sessions().filter(({ leg }) => leg === 'north').length;
    const now = `${open} ${far.waiting} ${far.arrivals.length}`;
    quiet = now === before ? quiet + 1 : 0;
    before = now;
  }
}

/** Time passes from event to event, for so long or until a condition holds. */
export async function pass(
  under: GatewayUnderTest,
  far: FarAway,
  { time = Number.POSITIVE_INFINITY, until = () => false }: { time?: number; until?: () => boolean },
): Promise<void> {
  const clock = under.clock as EventClock;
  const end = clock.monotonic() + time;
  for (await settle(under, far); clock.monotonic() < end && !until(); await settle(under, far)) {
    clock.advance(Math.min(clock.rest, end - clock.monotonic()));
  }
}

/** The most that begin within any second: with each, so many in the thousand milliseconds from it on. */
export function mostInASecond(times: readonly number[]): number {
  return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + 1_000).length));
}

/** Numbers that look random and are the same in each run. */
export function seeded(seed: number): Pick<Entropy, 'below'> {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { below: (end) => Math.floor(next() * end) };
}

/** Devices of one server that each have a report to make, durably. */
export async function declareReporting(under: GatewayUnderTest, server: FarServer, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    if (under.store.inventory.find(id) === undefined) declareDevice(under, [], { id });
    under.store.accounts.declare(accountAt(server, id));
    report(under, server, id, `${id} reports`);
  }
  await under.store.committed();
}

/** A device's report that waits for a server. */
export function report(under: GatewayUnderTest, { serverId }: FarServer, owner: string, text: string): void {
  const now = under.clock.now();
  under.store.outbox.enqueue({ owner, serverId, origin: text, alert: JSON.stringify(genericAlert(text)), createdAt: now, nextAt: now });
}

/** What a server has heard. */
export function texts({ alerts }: FarServer): string[] {
  return alerts.map(({ Item }) => String(Item?.[0]?.Data ?? ''));
}
