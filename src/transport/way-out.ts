import { lookup } from 'node:dns/promises';
import { connect, isIP, type Socket } from 'node:net';
import type { Clock, Milliseconds } from '#src/base/index.js';
import type { Destination } from '#src/gateway/index.js';
import type { Refusal } from './request-head.js';

/** The addresses of a name, the one to try first in front. */
export type Resolve = (host: string) => Promise<readonly string[]>;

export interface WayOutOptions {
  readonly resolve: Resolve;
  readonly permits: (address: string) => boolean;
  /** For resolving and connecting together. */
  readonly timeout: Milliseconds;
  readonly clock: Clock;
  /** Aborts when nobody waits for it any more. */
  readonly gone: AbortSignal;
}

/** Addresses of one name that are tried in turn. */
const mostTries = 4;

export const systemResolve: Resolve = async (host) => (await lookup(host, { all: true, verbatim: false })).map(({ address }) => address);

/**
 * A connection of one's own to a place, or why there is none. The name is resolved once and the connection goes to the very address
 * that was judged, so that a second answer of the DNS cannot lead it elsewhere.
 */
export async function connectTo({ host, port }: Destination, options: WayOutOptions): Promise<Socket | Refusal> {
  const late = new AbortController();
  const timer = options.clock.timer('forward proxy connect', options.timeout, () => late.abort());
  const stop = AbortSignal.any([late.signal, options.gone]);
  try {
    const addresses = await beforeAbort(addressesOf(host, options.resolve), stop);
    const permitted = addresses.filter((address) => options.permits(address)).slice(0, mostTries);
    if (permitted.length === 0) return noneOf(addresses);
    return await firstThatAnswers(permitted, port, stop);
  } catch {
    return { status: 504, why: 'no connection in time' };
  } finally {
    timer.cancel();
  }
}

function noneOf(addresses: readonly string[]): Refusal {
  return addresses.length === 0
    ? { status: 502, why: 'its name cannot be resolved' }
    : { status: 403, why: `resolved to ${addresses.join(', ')}` };
}

async function addressesOf(host: string, resolve: Resolve): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [host];
  // A name that cannot be resolved has no addresses, whatever the reason.
  return resolve(host).catch(() => []);
}

async function firstThatAnswers(addresses: readonly string[], port: number, stop: AbortSignal): Promise<Socket | Refusal> {
  let why = '';
  for (const address of addresses) {
    const socket = await dial(address, port, stop);
    if (!(socket instanceof Error)) return socket;
    why = socket.message;
    if (stop.aborted) throw stop.reason;
  }
  return { status: 502, why };
}

function dial(host: string, port: number, stop: AbortSignal): Promise<Socket | Error> {
  return new Promise((resolve) => {
    if (stop.aborted) return resolve(new Error('given up'));
    const socket = connect({ host, port, allowHalfOpen: true, noDelay: true });
    const giveUp = () => socket.destroy(new Error('given up'));
    stop.addEventListener('abort', giveUp, { once: true });
    socket.once('error', resolve);
    socket.once('connect', () => {
      stop.removeEventListener('abort', giveUp);
      socket.off('error', resolve);
      resolve(socket);
    });
  });
}

function beforeAbort<T>(work: Promise<T>, stop: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    if (stop.aborted) reject(stop.reason);
    stop.addEventListener('abort', () => reject(stop.reason), { once: true });
    work.then(resolve, reject);
  });
}
