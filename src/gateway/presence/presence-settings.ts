import type { Milliseconds } from '#src/base/index.js';

/** What becomes of a device that nobody has declared, when it is discovered. */
export type AdmissionPolicy = 'open' | 'ask' | 'closed';

/** What the operator says about who is there. */
export interface PresenceSettings {
  readonly admission: AdmissionPolicy;
  /** A discovered device is attached when it is still there after this time. */
  readonly settle: Milliseconds;
  /** One that left is detached when it has not come back after this time. */
  readonly grace: Milliseconds;
  /** Devices in quarantine that nobody has admitted; the oldest goes. */
  readonly mostQuarantined: number;
  /** Devices that were discovered and let in; further ones are not let in by themselves. */
  readonly mostDiscovered: number;
  /** Unknown devices that are written down in a minute. */
  readonly newPerMinute: number;
  /** Refused devices that are remembered; the oldest is forgotten. */
  readonly mostRefused: number;
}

export const defaultPresenceSettings: PresenceSettings = {
  admission: 'ask',
  settle: 5_000,
  grace: 60_000,
  mostQuarantined: 256,
  mostDiscovered: 1_000,
  newPerMinute: 60,
  mostRefused: 1_024,
};
