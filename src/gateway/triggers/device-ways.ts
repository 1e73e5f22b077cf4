import type { Log } from '#src/base/index.js';
import type { DeviceRecord } from '../ports.js';
import type { DevicePublisher } from './device-publisher.js';
import type { TriggerPolls } from './trigger-polls.js';

/** Sends a datagram to a device; whether it arrives nobody knows. */
export type SendDatagram = (address: string, port: number, bytes: Uint8Array) => void;

/** The wires on which triggers leave for devices; a program introduces them. Long-polls need none: they came in. */
export interface DeviceWires {
  readonly send?: SendDatagram;
  /** Asked at each trigger; undefined: there is no broker. */
  readonly publisher?: () => DevicePublisher | undefined;
}

export interface DeviceWayParts {
  readonly wires: DeviceWires;
  readonly polls: Pick<TriggerPolls, 'offer'>;
  readonly log: Log;
}

/** The place of triggers below a device's own topic. */
const leaf = 'trigger';

/** Gives triggers to devices, each by the one way that its policy names. */
export class DeviceWays {
  readonly #parts: DeviceWayParts;

  constructor(parts: DeviceWayParts) {
    this.#parts = parts;
  }

  /** Whether it is on its way. False where none leads to the device: quarantine, no policy, no known address, no broker. */
  give(device: DeviceRecord, trigger: Uint8Array): boolean {
    if (device.presence === 'quarantined') return false;
    switch (device.trigger?.by) {
      case 'udp':
        return this.#send(device, device.trigger.port, trigger);
      case 'mqtt':
        return this.#publish(device, trigger);
      case 'poll':
        this.#parts.polls.offer(device.id, trigger);
        return true;
      case undefined:
        return false;
    }
  }

  #send({ id, facts: { address } }: DeviceRecord, port: number, trigger: Uint8Array): boolean {
    const { send } = this.#parts.wires;
    if (send === undefined || address === undefined) return false;
    send(address, port, trigger);
    this.#parts.log.debug({ device: id, address, port }, 'a trigger is sent to a device');
    return true;
  }

  #publish({ id }: DeviceRecord, trigger: Uint8Array): boolean {
    const publisher = this.#parts.wires.publisher?.();
    if (publisher === undefined) {
      this.#parts.log.warn(
        { device: id },
        'a device is to have its triggers by MQTT, but there is no broker; configure one, or another way',
      );
      return false;
    }
    publisher.publish(id, leaf, trigger, { replace: true });
    return true;
  }
}
