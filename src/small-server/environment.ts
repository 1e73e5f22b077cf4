import type { Backoff, Clock, Entropy, Log, Milliseconds } from '#src/base/index.js';
import type { Sizes } from '#src/dm/session/index.js';
import type { DecodeLimits } from '#src/dm/syncml/index.js';
import type { SendTrigger } from './client-triggers.js';
import type { SmallServerStore } from './ports.js';

export interface SmallServerSettings {
  /** The server id that clients know us by. */
  readonly serverId: string;
  /** The path that clients post package 1 to. */
  readonly path: string;
  /** Our address as clients reach it, e.g. `https://192.0.2.1:9443`; no path. Known once the endpoint listens. */
  readonly url: () => string;
  readonly decode: DecodeLimits;
  /** What we can take, in bytes. */
  readonly offer: Sizes;
  readonly sessionIdle: Milliseconds;
  /** How long a repeat of a client's last message is answered from memory. */
  readonly repeatWindow: Milliseconds;
  readonly maxSessions: number;
  /** Commands that may wait for one client. */
  readonly maxQueued: number;
  /** When a trigger goes again, and how often it is sent at most. */
  readonly triggers: Backoff & { readonly sends: number };
}

export const defaultSmallServerSettings = {
  offer: { maxMsgSize: 65_536, maxObjSize: 1_048_576 },
  sessionIdle: 300_000,
  repeatWindow: 120_000,
  maxSessions: 256,
  maxQueued: 1_000,
  triggers: { first: 5_000, cap: 300_000, sends: 8 },
} as const;

/** Everything that the small DM server works with; introduced once by the program. */
export interface Environment {
  readonly settings: SmallServerSettings;
  readonly store: SmallServerStore;
  readonly sendTrigger: SendTrigger;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
}
