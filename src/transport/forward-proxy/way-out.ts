import { lookup } from 'node:dns/promises';
import { connect, isIP, Socket } from 'node:net';
import type { Clock, Milliseconds, Timer } from '#src/base/index.js';
import type { Destination } from '#src/gateway/index.js';
import type { Refusal } from '../http/request-head.js';

/** The addresses of a name, the one to try first in front. */
export type Resolve = (host: string) => Promise<readonly string[]>;

export interface WayOutOptions {
  readonly resolve: Resolve;
  readonly permits: (address: string) => boolean;
  /** For resolving and connecting together. */
  readonly timeout: Milliseconds;
  readonly clock: Clock;
}

/** Addresses of one name that are tried in turn. */
const mostTries = 4;

export const systemResolve: Resolve = async (host) => (await lookup(host, { all: true, verbatim: false })).map(({ address }) => address);

/**
 * Finds a connection of one's own to a place. The name is resolved once and the connection goes to the very address that was judged, so
 * that a second answer of the DNS cannot lead it elsewhere.
 */
export class WayOut {
  readonly #place: Destination;
  readonly #options: WayOutOptions;
  readonly #timer: Timer;
  /** The connection, or why there is none; rejects when whoever resolves or judges fails. */
  readonly outcome: Promise<Socket | Refusal>;
  #resolve: (outcome: Socket | Refusal) => void = () => {};
  #trying: Socket | undefined;
  #over = false;

  constructor(place: Destination, options: WayOutOptions) {
    this.#place = place;
    this.#options = options;
    this.#timer = options.clock.timer('forward proxy connect', options.timeout, () => this.giveUp());
    this.outcome = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#look().catch((error) => {
        this.#timer.cancel();
        reject(error);
      });
    });
  }

  /** Nobody waits for it any more. */
  giveUp(): void {
    this.#settle({ status: 504, why: 'no connection in time' });
    this.#trying?.destroy();
  }

  async #look(): Promise<void> {
    const { host } = this.#place;
    const { resolve, ...options } = this.#options;
    // A name that cannot be resolved has no addresses, whatever the reason.
    const addresses = isIP(host) === 0 ? await resolve(host).catch(() => []) : [host];
    const permitted = addresses.filter((address) => options.permits(address)).slice(0, mostTries);
    if (permitted.length === 0) this.#settle(noneOf(addresses));
    else this.#tryAll(permitted);
  }

  #tryAll([address, ...others]: readonly string[]): void {
    if (this.#over || address === undefined) return;
    const socket = connect({ host: address, port: this.#place.port, allowHalfOpen: true, noDelay: true });
    this.#trying = socket;
    socket.once('connect', () => this.#settle(socket));
    // Whoever gets the socket has listeners of their own; then this one has nothing more to do.
    socket.on('error', ({ message }) => {
      if (others.length > 0) this.#tryAll(others);
      else this.#settle({ status: 502, why: message });
    });
  }

  #settle(outcome: Socket | Refusal): void {
    if (this.#over) return;
    this.#over = true;
    this.#timer.cancel();
    if (outcome instanceof Socket) this.#trying = undefined;
    this.#resolve(outcome);
  }
}

function noneOf(addresses: readonly string[]): Refusal {
  return addresses.length === 0
    ? { status: 502, why: 'its name cannot be resolved' }
    : { status: 403, why: `resolved to ${addresses.join(', ')}` };
}
