import { Readable } from 'node:stream';
import type { AedesPublishPacket, Client } from 'aedes';
import type { RetainedMessages } from './retained-messages.js';

export interface SessionMemoryOptions {
  readonly retained: RetainedMessages;
  /** A PUBACK or PUBCOMP of a client. */
  readonly acknowledged: (client: Client, messageId: number) => void;
}

type Identified = { readonly messageId?: number };
/** Where a QoS 2 message stands that was not released: it is being taken, or it is. */
type HalfDone = 'begun' | 'taken';

/** QoS 2 messages of one connection that are half done. */
const mostHalfDone = 32;

/**
 * What aedes remembers between packets, and no more: retained messages within their bounds, and the ids of QoS 2 messages that are half
 * done. Sessions end with their connection, so there are no subscriptions and no queues of absent clients here.
 */
export class SessionMemory {
  readonly #options: SessionMemoryOptions;
  readonly #halfDone = new WeakMap<Client, Map<number, HalfDone>>();

  constructor(options: SessionMemoryOptions) {
    this.#options = options;
  }

  async setup(): Promise<void> {}

  async storeRetained(packet: AedesPublishPacket): Promise<void> {
    this.#options.retained.store(packet.topic, Buffer.from(packet.payload), packet.qos);
  }

  createRetainedStreamCombi(filters: readonly string[]): Readable {
    return Readable.from(this.#options.retained.matching(filters).map((message) => ({ cmd: 'publish', retain: true, ...message })));
  }

  async subscriptionsByTopic(): Promise<never[]> {
    return [];
  }

  async subscriptionsByClient(): Promise<never[]> {
    return [];
  }

  async addSubscriptions(): Promise<void> {}

  async removeSubscriptions(): Promise<void> {}

  async cleanSubscriptions(): Promise<void> {}

  async outgoingEnqueue(): Promise<void> {}

  async outgoingEnqueueCombi(): Promise<void> {}

  async outgoingUpdate(): Promise<void> {}

  async outgoingClearMessageId(client: Client, { messageId }: Identified): Promise<undefined> {
    if (messageId !== undefined) this.#options.acknowledged(client, messageId);
  }

  outgoingStream(): Readable {
    return Readable.from([]);
  }

  /** Begins a QoS 2 message; false: its connection has too many that are half done. */
  begin(client: Client, { messageId }: Identified): boolean {
    const ids = this.#halfDoneOf(client);
    if (messageId === undefined || ids.has(messageId)) return true;
    if (ids.size >= mostHalfDone) return false;
    ids.set(messageId, 'begun');
    return true;
  }

  /** Whether a QoS 2 message has come before and was not released yet. */
  isHalfDone(client: Client, { messageId }: Identified): boolean {
    return messageId !== undefined && this.#halfDoneOf(client).get(messageId) === 'taken';
  }

  async incomingStorePacket(client: Client, { messageId }: Identified): Promise<void> {
    if (messageId !== undefined) this.#halfDoneOf(client).set(messageId, 'taken');
  }

  /** aedes takes a rejection for "not there". */
  async incomingGetPacket(client: Client, packet: Identified): Promise<Identified> {
    if (!this.isHalfDone(client, packet)) throw new Error('no such packet');
    return packet;
  }

  async incomingDelPacket(client: Client, packet: Identified): Promise<void> {
    if (packet.messageId === undefined || !this.#halfDoneOf(client).delete(packet.messageId)) throw new Error('no such packet');
  }

  async cleanIncoming(client: Client): Promise<void> {
    this.#halfDone.delete(client);
  }

  async putWill(): Promise<void> {}

  async delWill(): Promise<void> {}

  streamWill(): Readable {
    return Readable.from([]);
  }

  async destroy(): Promise<void> {}
  #halfDoneOf(client: Client): Map<number, HalfDone> {
    const ids = this.#halfDone.get(client) ?? new Map<number, HalfDone>();
    this.#halfDone.set(client, ids);
    return ids;
  }
}
