import type { AedesOptions, AedesPublishPacket, AuthenticateError, Client, ConnectPacket, PublishPacket, Subscription } from 'aedes';
import { LimitedLog } from '#src/base/index.js';
import { Allowance } from './allowance.js';
import { credentialMark } from './authentication.js';
import type { Delivery } from './delivery.js';
import { DeviceSession, type DeviceSessions } from './device-sessions.js';
import type { GuardedConnection } from './guarded-connection.js';
import { type Logins, type LoginVerdict, refusals } from './logins.js';
import type { BrokerOptions } from './options.js';
import type { Presence } from './presence.js';
import type { Rules } from './rules.js';
import type { SessionMemory } from './session-memory.js';

export interface HandlerParts {
  readonly options: BrokerOptions;
  readonly sessions: DeviceSessions;
  readonly rules: Rules;
  readonly logins: Logins;
  readonly memory: SessionMemory;
  readonly delivery: Delivery;
  readonly presence: Presence;
}

/** MQTT 3.1 and 3.1.1; aedes refuses others with a CONNACK. */
const versions: readonly (number | undefined)[] = [3, 4];

/** Everything that aedes asks us. What is not allowed here is denied. */
export class Handlers {
  readonly #parts: HandlerParts;
  readonly #complaints: LimitedLog;
  readonly #sessions = new WeakMap<Client, DeviceSession>();
  readonly #verdicts = new WeakMap<Client, LoginVerdict>();
  readonly #running = new Set<Promise<void>>();
  #closing = false;

  constructor(parts: HandlerParts) {
    this.#parts = parts;
    this.#complaints = new LimitedLog(parts.options);
  }

  /** What `new Aedes` takes. */
  options(): AedesOptions {
    return {
      preConnect: (client, packet, done) =>
        this.#safely(
          () => this.#connect(client, packet, done),
          (error) => done(error, false),
        ),
      authenticate: (client, _userName, _password, done) => this.#answer(client, done),
      authorizePublish: (client, packet, done) => this.#safely(() => this.#publish(client, packet, done), done),
      authorizeSubscribe: (client, subscription, done) =>
        this.#safely(
          () => done(null, this.#maySubscribe(client, subscription) ? subscription : null),
          (error) => done(error),
        ),
      authorizeForward: (client, packet) =>
        this.#safely(
          () => this.#forward(client, packet),
          () => null,
        ),
    };
  }

  sessionOf(client: Client): DeviceSession | undefined {
    return this.#sessions.get(client);
  }

  /** The CONNACK has left. */
  connected(client: Client): void {
    const session = this.#sessions.get(client);
    if (session === undefined) return;
    const { presence } = this.#parts;
    session.connection.admit({
      take: (bytes) => {
        presence.heard(session);
        const wait = session.allowance.take(bytes);
        if (wait > 0) this.#parts.options.counters?.add('postern_broker_throttled_total', {});
        return wait;
      },
    });
    presence.connected(session);
  }

  /** The SUBACK has left; a filter that was refused has the code 128. */
  subscribed(client: Client, subscriptions: readonly Subscription[]): void {
    const session = this.#sessions.get(client);
    if (session === undefined) return;
    for (const { topic, qos } of subscriptions) if (Number(qos) <= 2) session.filters.set(topic, qos);
    this.#parts.delivery.wake(session.device);
  }

  unsubscribed(client: Client, filters: readonly string[]): void {
    const session = this.#sessions.get(client);
    for (const filter of filters) {
      session?.filters.delete(filter);
      session?.asked.delete(filter);
    }
  }

  /** From now on nothing is published any more; resolves when what was taken is acknowledged. */
  async close(): Promise<void> {
    this.#closing = true;
    await Promise.allSettled(this.#running);
  }

  /** aedes lets what we throw end the process; a store that fails is to end one connection. */
  #safely<T>(work: () => T, failed: (error: Error) => T): T {
    try {
      return work();
    } catch (error) {
      this.#parts.options.log.error({ err: error }, 'the broker cannot decide about a packet');
      return failed(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #connect(client: Client, packet: ConnectPacket, done: (error: Error | null, go: boolean) => void): void {
    if (!versions.includes(packet.protocolVersion)) return done(null, true);
    const connection = client.conn as GuardedConnection;
    const { userName, password } = { userName: packet.username ?? '', password: packet.password ?? Buffer.alloc(0) };
    const clientId = packet.clientId;
    const verdict = this.#parts.logins.judge({
      address: connection.address,
      userName,
      password: Buffer.from(password),
      clientId,
      willTopic: packet.will?.topic,
    });
    this.#verdicts.set(client, verdict);
    // Nothing of a session outlives its connection in aedes: what has to is in our own queue.
    packet.clean = true;
    packet.clientId = verdict.kind === 'device' && clientId !== '' ? `${verdict.device.id}\n${clientId}` : '';
    if (verdict.kind === 'device') {
      this.#open(client, { connection, clientId, keepAlive: (packet.keepalive ?? 0) * 1000, verdict });
      return done(null, true);
    }
    const { address } = connection;
    this.#complaints.warn({ reason: verdict.why, source: address }, { address, why: verdict.why }, 'a connection to the broker is refused');
    done(null, true);
  }

  #open(
    client: Client,
    start: { connection: GuardedConnection; clientId: string; keepAlive: number; verdict: LoginVerdict & { kind: 'device' } },
  ): void {
    const { sessions, options, delivery, presence } = this.#parts;
    const { connection, clientId, keepAlive } = start;
    const { device } = start.verdict;
    const allowance = sessions.of(device.id)[0]?.allowance ?? new Allowance(options.limits, options.clock);
    const { address } = connection;
    const session = new DeviceSession({
      device: device.id,
      mark: credentialMark(device),
      address,
      clientId,
      keepAlive,
      connection,
      allowance,
    });
    this.#sessions.set(client, session);
    sessions.add(session);
    connection.once('close', () => {
      const last = sessions.remove(session);
      delivery.lost(session);
      if (last && !this.#closing) presence.left(device.id);
    });
  }

  #answer(client: Client, done: (error: AuthenticateError | null, go: boolean | null) => void): void {
    const verdict = this.#verdicts.get(client);
    if (verdict?.kind === 'device') return done(null, true);
    const returnCode = verdict?.code ?? refusals.notAuthorized;
    done(Object.assign(new Error(verdict?.why ?? 'not authorised'), { returnCode }) as AuthenticateError, null);
  }

  /** Decides about a PUBLISH or a will. aedes acknowledges it once `done` was called. */
  #publish(client: Client | null, packet: PublishPacket, done: (error?: Error | null) => void): void {
    const session = client === null ? undefined : this.#sessions.get(client);
    if (client === null || session === undefined || this.#closing || !this.#parts.rules.mayPublish(session, packet.topic)) {
      if (session !== undefined && !this.#closing) this.#noteDenied(session, packet.topic, 'publish');
      return done(new Error('not authorised to publish'));
    }
    // It came before and its sender has not heard so: it is acknowledged again, and not done again.
    if (packet.qos === 2 && this.#parts.memory.isHalfDone(client, packet)) return done();
    if (packet.qos === 2 && !this.#parts.memory.begin(client, packet)) return this.#refuseHalfDone(session, done);
    this.#track(
      this.#take(session, packet).then(
        () => done(),
        (error: Error) => this.#failed(session, packet.topic, error, done),
      ),
    );
  }

  async #take(session: DeviceSession, { topic, payload, qos }: PublishPacket): Promise<void> {
    const { onMessage, committed } = this.#parts.options;
    await onMessage?.(session.device, topic.slice(session.place.length), Buffer.from(payload));
    if (qos > 0) await committed();
  }

  /** aedes closes the connection. */
  #refuseHalfDone({ device, address }: DeviceSession, done: (error: Error) => void): void {
    const reason = 'half-done';
    this.#parts.options.counters?.add('postern_broker_refused_total', { reason });
    this.#complaints.warn(
      { reason, source: device },
      { device, address },
      'a connection to the broker has too many QoS 2 messages half done',
    );
    done(new Error('too many QoS 2 messages are half done'));
  }

  /** Without a PUBACK, and without a connection: the device sends it again. */
  #failed({ device }: DeviceSession, topic: string, error: Error, done: (error: Error) => void): void {
    this.#parts.options.log.error({ device, topic, err: error }, 'a message of a device could not be taken; it is to come again');
    done(error);
  }

  #track(work: Promise<void>): void {
    this.#running.add(work);
    void work.finally(() => this.#running.delete(work));
  }

  #maySubscribe(client: Client, { topic }: Subscription): boolean {
    const session = this.#sessions.get(client);
    if (session === undefined) return false;
    const { rules, options } = this.#parts;
    const hasRoom = session.asked.has(topic) || session.asked.size < options.limits.subscriptions;
    if (!hasRoom || !rules.maySubscribe(session, topic)) {
      this.#noteDenied(session, topic, 'subscribe');
      return false;
    }
    session.asked.add(topic);
    return true;
  }

  #forward(client: Client, packet: AedesPublishPacket): AedesPublishPacket | null {
    const session = this.#sessions.get(client);
    if (session === undefined || !this.#parts.rules.mayHear(session, packet.topic) || session.connection.closedForBacklog()) return null;
    if (packet.qos > 0) packet.messageId = session.nextForwardId();
    return packet;
  }

  #noteDenied({ device }: DeviceSession, topic: string, what: 'publish' | 'subscribe'): void {
    this.#parts.options.counters?.add('postern_broker_denied_total', { what });
    const about = { device, topic: topic.slice(0, 200), what };
    this.#complaints.warn({ reason: what, source: device }, about, 'a device may not do this at the broker');
  }
}
