import type { Milliseconds } from '#src/base/index.js';
import type { SightedBy } from './sighting.js';

/**
 * Where a device stands: `known` has never been here, `quarantined` waits for the operator's word and is told to nobody,
 * `unreachable` is attached and does not come when it is called.
 */
export type PresenceState = 'known' | 'attached' | 'detached' | 'unreachable' | 'quarantined';

/** A way of discovery; a session is a moment, and proof. */
export type Way = Exclude<SightedBy, 'session'>;

/** What a way of discovery has seen last. */
export interface WaySeen {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** It promised to be heard again within this time. */
  readonly heartbeat?: Milliseconds;
  /** It has said goodbye since, or has been silent for too long. */
  readonly gone?: boolean;
}

/** What was seen of a device, by whoever says to be it: nothing in it is proved. */
export interface SightedFacts {
  readonly name?: string;
  readonly address?: string;
  readonly manufacturer?: string;
  readonly model?: string;
  readonly firmware?: string;
}

/** All that the ways of discovery know of a device. */
export interface Sighted {
  readonly facts: SightedFacts;
  readonly ways: Readonly<Partial<Record<Way, WaySeen>>>;
}

/** Who shall not come back by the next sighting. Bounded: the oldest is forgotten. */
export interface RefusalRepository {
  has(id: string): boolean;
  /** The oldest first. */
  list(): { readonly id: string; readonly refusedAt: number }[];
  /** @param most how many are remembered */
  add(id: string, now: number, most: number): void;
  /** False if it was not there. */
  remove(id: string): boolean;
}
