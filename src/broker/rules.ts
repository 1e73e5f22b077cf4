import type { DeviceRecord } from '#src/gateway/index.js';
import { credentialMark } from './authentication.js';
import type { DeviceSession } from './device-sessions.js';
import type { BrokerDevices } from './options.js';
import { deviceOf, isFilterIn, isTopicIn, placeOf } from './place.js';

/** Who may do what: below its own place a device may do everything while it has its rights, elsewhere nobody anything. */
export class Rules {
  readonly #devices: BrokerDevices;

  constructor(devices: BrokerDevices) {
    this.#devices = devices;
  }

  /** Whether the session has its rights still: the device is there, let in, and its credentials are the same. */
  holds({ device, mark }: DeviceSession): boolean {
    const record = this.#devices.get(device);
    return record !== undefined && this.#devices.admits(record) && credentialMark(record) === mark;
  }

  /** Whether a place has a device that may come. */
  isHeld(place: string): boolean {
    const record = this.#devices.get(deviceOf(place));
    return record !== undefined && this.#devices.admits(record);
  }

  mayPublish(session: DeviceSession, topic: string): boolean {
    return session.owns(topic) && this.holds(session);
  }

  maySubscribe(session: DeviceSession, filter: string): boolean {
    return isFilterIn(session.place, filter) && this.holds(session);
  }

  /** Also what was retained, or sent while the session had its rights. */
  mayHear(session: DeviceSession, topic: string): boolean {
    return session.owns(topic) && this.holds(session);
  }

  mayLeave(device: DeviceRecord, will: string | undefined): boolean {
    return will === undefined || isTopicIn(placeOf(device.id), will);
  }
}
