import type { Clock, Counters, Log } from '#src/base/index.js';
import type { DeviceQueueRepository, QueuedMessage } from '#src/gateway/index.js';
import type { DeviceSession, DeviceSessions } from './device-sessions.js';
import { encodePublish } from './frame.js';
import type { QueueLimits } from './options.js';
import { isTopicIn, placeOf } from './place.js';

export interface DeliveryParts {
  readonly queue: DeviceQueueRepository;
  readonly sessions: DeviceSessions;
  readonly limits: QueueLimits;
  readonly knows: (device: string) => boolean;
  readonly committed: () => Promise<void>;
  readonly counters?: Counters;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Brings queued messages to their devices with QoS 1: in the order of their leaf, a window of them at a time, again after a lost connection, and
 * forgotten once acknowledged. At least once: a PUBACK that is lost makes the message come again.
 */
export class Delivery {
  readonly #parts: DeliveryParts;
  /** Rows that are on their way. */
  readonly #underWay = new Set<number>();
  /** Rows that were sent before, since we started. */
  readonly #sent = new Set<number>();

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
  }

  publish(device: string, leaf: string, payload: Uint8Array, replace: boolean): 'queued' | 'refused' {
    const { queue, knows, clock, log } = this.#parts;
    const place = placeOf(device);
    if (!isTopicIn(place, place + leaf) || !knows(device)) return this.#refuse(device, leaf, 'the device or the topic cannot be');
    if (replace) queue.dropLeaf(device, leaf);
    if (!this.#hasRoom(device, payload.length)) {
      this.#parts.counters?.add('postern_broker_dropped_total', { reason: 'queue-full' });
      return this.#refuse(device, leaf, 'the queue is full');
    }
    queue.add(device, leaf, payload, clock.now());
    this.#parts.committed().then(
      () => this.wake(device),
      (error: unknown) => log.error({ device, leaf, err: error }, 'a message for a device could not be kept'),
    );
    return 'queued';
  }

  /** Sends what can be sent now. What the store does not give now waits for the next time. */
  wake(device: string): void {
    try {
      this.#deliver(device);
    } catch (error) {
      this.#parts.log.error({ device, err: error }, 'what waits for a device cannot be read');
    }
  }

  /** A PUBACK. */
  acknowledged(session: DeviceSession, messageId: number): void {
    const row = session.inFlight.get(messageId);
    if (row === undefined) return;
    session.inFlight.delete(messageId);
    this.#settle(row);
    this.wake(session.device);
  }

  /** Its connection is gone: what it did not acknowledge goes to the next. */
  lost(session: DeviceSession): void {
    for (const row of session.inFlight.values()) this.#underWay.delete(row);
    session.inFlight.clear();
    this.wake(session.device);
  }

  expire(): void {
    const { queue, limits, counters, clock, log } = this.#parts;
    const expired = queue.expire(clock.now() - limits.maxAge);
    for (let at = 0; at < expired; at++) counters?.add('postern_broker_dropped_total', { reason: 'too-old' });
    if (expired > 0) log.warn({ expired }, 'messages that their devices did not take in time are dropped');
  }

  #deliver(device: string): void {
    const { queue, sessions } = this.#parts;
    const open = sessions.of(device).filter(({ connection }) => !connection.destroyed);
    if (open.length === 0) return;
    this.expire();
    for (const message of queue.waiting(device)) {
      if (this.#underWay.has(message.id)) continue;
      const session = open.find((one) => one.qosFor(one.place + message.leaf) !== undefined);
      if (session !== undefined) this.#send(session, message);
    }
  }

  #send(session: DeviceSession, { id, leaf }: QueuedMessage): void {
    const { connection, place, device } = session;
    if (connection.writableNeedDrain) return;
    const topic = place + leaf;
    // Whoever asked for QoS 0 acknowledges nothing: it is done when it is written.
    const unacknowledged = session.qosFor(topic) === 0;
    const messageId = unacknowledged ? undefined : session.freeMessageId();
    const payload = this.#parts.queue.payload(id);
    if (payload === undefined || (messageId === undefined && !unacknowledged)) return;
    const frame = encodePublish({ topic, payload, messageId, repeated: this.#sent.has(id) });
    if (!connection.write(frame)) connection.once('drain', () => this.wake(device));
    if (messageId === undefined) return this.#settle(id);
    session.inFlight.set(messageId, id);
    this.#underWay.add(id);
    this.#sent.add(id);
  }

  #settle(row: number): void {
    this.#parts.queue.drop(row);
    this.#underWay.delete(row);
    this.#sent.delete(row);
  }

  #hasRoom(device: string, bytes: number): boolean {
    if (this.#fits(device, bytes)) return true;
    this.expire();
    return this.#fits(device, bytes);
  }

  #fits(device: string, bytes: number): boolean {
    const { queue, limits } = this.#parts;
    const [own, all] = [queue.load(device), queue.load()];
    const ownFits = own.rows < limits.perDevice && own.bytes + bytes <= limits.bytesPerDevice;
    return ownFits && all.rows < limits.rows && all.bytes + bytes <= limits.bytes;
  }

  #refuse(device: string, leaf: string, why: string): 'refused' {
    this.#parts.log.warn({ device, leaf, why }, 'a message for a device is refused');
    return 'refused';
  }
}
