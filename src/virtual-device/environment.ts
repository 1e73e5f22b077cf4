import type { Backoff, Clock, DmClientFactory, Entropy, Milliseconds } from '#src/base/index.js';
import type { Sizes } from '#src/dm/session/index.js';
import { type Codec, type DecodeLimits, defaultDecodeLimits } from '#src/dm/syncml/index.js';
import type { DeviceEvent } from './events.js';
import type { StateFile } from './state-file.js';

export interface DeviceSettings {
  /** What it can take, in bytes. */
  readonly offer: Sizes;
  /** The encoding that it speaks; it understands every one. */
  readonly encoding: Codec['encoding'];
  readonly decode: DecodeLimits;
  /** How long a server may take to answer. */
  readonly answerTimeout: Milliseconds;
  /** How often, and after which pauses, a message that was not answered goes again. */
  readonly repeats: Backoff & { readonly tries: number };
  /** How long a message under way may take when the device is told to stop. */
  readonly stopGrace: Milliseconds;
  /** Reports that may wait for a server. */
  readonly maxAlerts: number;
  /** What it says of itself in ./DevDetail/SwV. */
  readonly softwareVersion: string;
}

export const defaultDeviceSettings: Omit<DeviceSettings, 'softwareVersion'> = {
  offer: { maxMsgSize: 65_536, maxObjSize: 1_048_576 },
  encoding: 'xml',
  decode: defaultDecodeLimits,
  answerTimeout: 30_000,
  repeats: { first: 500, cap: 8_000, tries: 3 },
  stopGrace: 5_000,
  maxAlerts: 100,
};

/** Everything that the device works with; introduced once by the program. */
export interface DeviceEnvironment {
  readonly settings: DeviceSettings;
  readonly state: StateFile;
  readonly clients: DmClientFactory;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly tell: (event: DeviceEvent) => void;
}
