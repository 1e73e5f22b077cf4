import type { Clock, Counters, Log, LoginLimit, Milliseconds, Overload } from '#src/base/index.js';
import type { DeviceQueueRepository, DeviceRecord, Sightings } from '#src/gateway/index.js';

/** Who may come to the broker. */
export interface BrokerDevices {
  get(id: string): DeviceRecord | undefined;
  /** Those whose southern credentials have this user name. */
  named(userName: string): DeviceRecord[];
  /** Whether it is let in: not refused, and not in quarantine. */
  admits(device: DeviceRecord): boolean;
}

/** What the broker bounds; sizes in bytes. */
export interface BrokerLimits {
  /** Connections at once: of all, of one address, of one device. */
  readonly connections: number;
  readonly perAddress: number;
  readonly perDevice: number;
  /** From connecting, TLS handshake included, to the CONNACK. */
  readonly connectTimeout: Milliseconds;
  /** One control packet. */
  readonly frameBytes: number;
  /** What one device may send over all its connections. */
  readonly messagesPerSecond: number;
  readonly bytesPerSecond: number;
  /** A device that connects more often in a minute is kept out for `ban`. */
  readonly connectsPerMinute: number;
  readonly ban: Milliseconds;
  readonly subscriptions: number;
  /** A peer that reads nothing for so long is closed. */
  readonly drainTimeout: Milliseconds;
  /** Bytes that may wait for it. */
  readonly backlogBytes: number;
  readonly retained: { readonly perDevice: number; readonly bytesPerDevice: number; readonly bytes: number };
  readonly queue: QueueLimits;
}

/** What waits for devices, in rows and bytes of one device and of all. */
export interface QueueLimits {
  readonly perDevice: number;
  readonly bytesPerDevice: number;
  readonly rows: number;
  readonly bytes: number;
  readonly maxAge: Milliseconds;
}

export interface BrokerOptions {
  readonly listen: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Absent: plain MQTT. What `serverTlsOptions` makes. */
  readonly tls?: object;
  readonly limits: BrokerLimits;
  readonly devices: BrokerDevices;
  readonly queue: DeviceQueueRepository;
  /** What wrong passwords cost. */
  readonly logins: LoginLimit;
  /** Resolves when everything written so far is on disk. */
  readonly committed: () => Promise<void>;
  readonly sightings?: Sightings;
  /** Takes what a device publishes, wills too; a QoS 1 or 2 message is acknowledged when this resolved and is durable. */
  readonly onMessage?: (device: string, leaf: string, payload: Uint8Array) => Promise<void> | void;
  /** Absent: what is refused is not counted. */
  readonly counters?: Counters;
  /** Absent: further connections are taken, however much there is to do. */
  readonly overload?: Overload;
  readonly clock: Clock;
  readonly log: Log;
}
