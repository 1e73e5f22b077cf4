import type { Counters, Log } from '#src/base/index.js';
import type { BrokerLimits, BrokerOptions } from './options.js';
import { matches } from './place.js';

export interface RetainedMessage {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: 0 | 1 | 2;
}

/** What each place has retained, within rows and bytes; in memory only. */
export class RetainedMessages {
  readonly #limits: BrokerLimits['retained'];
  readonly #counters: Counters | undefined;
  readonly #log: Log;
  readonly #places = new Map<string, Map<string, RetainedMessage>>();

  constructor({ limits, counters, log }: Pick<BrokerOptions, 'limits' | 'counters' | 'log'>) {
    this.#limits = limits.retained;
    this.#counters = counters;
    this.#log = log;
  }

  /** Places that have retained something, such as `devices/urn%3Auuid%3A1/`. */
  places(): string[] {
    return [...this.#places.keys()];
  }

  /** An empty payload forgets. What is beyond the bounds is not retained, and says so in the log. */
  store(topic: string, payload: Buffer, qos: 0 | 1 | 2): void {
    const name = placeNameOf(topic);
    const place = this.#places.get(name) ?? new Map<string, RetainedMessage>();
    place.delete(topic);
    if (payload.length > 0 && this.#hasRoom(place, topic, payload)) place.set(topic, { topic, payload, qos });
    if (place.size === 0) this.#places.delete(name);
    else this.#places.set(name, place);
  }

  matching(filters: readonly string[]): RetainedMessage[] {
    return filters.flatMap((filter) => {
      const place = this.#places.get(placeNameOf(filter));
      return place === undefined ? [] : [...place.values()].filter(({ topic }) => matches(filter, topic));
    });
  }

  forget(place: string): void {
    this.#places.delete(place);
  }

  #hasRoom(place: ReadonlyMap<string, RetainedMessage>, topic: string, payload: Buffer): boolean {
    const { perDevice, bytesPerDevice, bytes } = this.#limits;
    const size = sizeOf({ topic, payload });
    const others = [...this.#places.values()].filter((other) => other !== place);
    const own = bytesOf(place) + size;
    const fits = place.size < perDevice && own <= bytesPerDevice && own + others.reduce((sum, other) => sum + bytesOf(other), 0) <= bytes;
    if (!fits) this.#counters?.add('postern_broker_dropped_total', { reason: 'retained-full' });
    if (!fits) this.#log.warn({ topic, bytes: size }, 'a message is not retained: what a device may retain has been reached');
    return fits;
  }
}

/** `devices/<DevId>/`: the first two levels. */
function placeNameOf(topic: string): string {
  return topic.slice(0, topic.indexOf('/', topic.indexOf('/') + 1) + 1);
}

function bytesOf(place: ReadonlyMap<string, RetainedMessage>): number {
  let sum = 0;
  for (const message of place.values()) sum += sizeOf(message);
  return sum;
}

function sizeOf({ topic, payload }: { readonly topic: string; readonly payload: Uint8Array }): number {
  return topic.length + payload.length;
}
