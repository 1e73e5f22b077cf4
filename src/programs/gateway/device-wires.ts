import type { Log } from '#src/base/index.js';
import type { DeviceWires } from '#src/gateway/index.js';
import { DatagramSender } from '#src/transport/index.js';

type DevicePublisher = ReturnType<NonNullable<DeviceWires['publisher']>>;

/** The wires on which triggers leave for devices; no socket is opened before the first datagram. */
export interface OpenDeviceWires extends DeviceWires {
  /** The embedded broker is there, or undefined: it is gone. */
  publishBy(publisher: DevicePublisher): void;
  close(): void;
}

export function openDeviceWires(log: Log): OpenDeviceWires {
  const sender = new DatagramSender(log);
  let publisher: DevicePublisher;
  return {
    send: (address, port, bytes) => sender.send(address, port, bytes),
    publisher: () => publisher,
    publishBy(opened) {
      publisher = opened;
    },
    close: () => sender.close(),
  };
}
