import { type Clock, SourceLimit } from '#src/base/index.js';
import type { DeviceRecord } from '../ports.js';
import type { DeviceWays } from './device-ways.js';
import type { TriggerRefusal, TriggerVerdict } from './judge.js';

export interface RelaySettings {
  /** Triggers for one device in a minute. */
  readonly perDevice: number;
  /** Triggers of one source in a minute. */
  readonly perSource: number;
}

export const defaultRelaySettings: RelaySettings = { perDevice: 12, perSource: 30 };

const minute = 60_000;

/**
 * Relays triggers to transparent devices byte for byte. Their digest is between the device and its server: nobody here can
 * tell a forged or repeated one from a good one, so all that guards the device is how many there may be.
 */
export class TriggerRelay {
  readonly #ways: Pick<DeviceWays, 'give'>;
  readonly #devices: SourceLimit;
  readonly #sources: SourceLimit;

  constructor({ ways, clock, settings }: { ways: Pick<DeviceWays, 'give'>; clock: Clock; settings: RelaySettings }) {
    this.#ways = ways;
    this.#devices = new SourceLimit({ most: settings.perDevice, every: minute, clock });
    this.#sources = new SourceLimit({ most: settings.perSource, every: minute, clock });
  }

  relay(device: DeviceRecord, trigger: Uint8Array, source: string): TriggerVerdict {
    if (!this.#sources.admits(source) || !this.#devices.admits(device.id)) return refused('too-often');
    return this.#ways.give(device, trigger) ? { kind: 'relayed' } : refused('no-way');
  }
}

function refused(why: TriggerRefusal): TriggerVerdict {
  return { kind: 'refused', why };
}
