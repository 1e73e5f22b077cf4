import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { Aedes } from 'aedes';
import { type Milliseconds, PosternError, type Timer } from '#src/base/index.js';
import { beginWithFirstRecord } from '#src/security/index.js';
import { Delivery } from './delivery.js';
import { DeviceSessions } from './device-sessions.js';
import { Door, type DoorReason } from './door.js';
import { GuardedConnection } from './guarded-connection.js';
import { Handlers } from './handlers.js';
import { Logins } from './logins.js';
import type { BrokerOptions } from './options.js';
import { topicLevels } from './place.js';
import { Presence } from './presence.js';
import { RetainedMessages } from './retained-messages.js';
import { Rules } from './rules.js';
import { SessionMemory } from './session-memory.js';
import { Tally } from './tally.js';

/** The embedded MQTT broker: 3.1 and 3.1.1, for the devices of the inventory alone. */
export interface Broker {
  readonly port: number;
  /** Connections that are open, known or not. */
  readonly connections: number;
  /**
   * Queues a payload for a device under `devices/<device>/<leaf>` with QoS 1; durable when `committed()` of the turn resolves.
   * @param options.replace an older one that waits under the same leaf gives way
   */
  publish(device: string, leaf: string, payload: Uint8Array, options?: { readonly replace?: boolean }): 'queued' | 'refused';
  /** Closes the connections of devices that have lost their rights, and forgets what they retained. */
  recheck(): void;
  /** Lets nobody in, gives messages that were taken `grace` to be acknowledged, and ends the rest. */
  close(grace: Milliseconds): Promise<void>;
}

const recheckEvery: Milliseconds = 5_000;
const expireEvery: Milliseconds = 3_600_000;
const minute = 60_000;
/** Lines about one address in a minute. */
const noted = 10;

/** @throws PosternError `wire.listen` */
export async function openBroker(options: BrokerOptions): Promise<Broker> {
  // Most gateways need none: it costs a tenth of a second and 13 MB.
  const { Aedes: Core } = await import('aedes');
  await writeNumbersAsTheyCome();
  const broker = new EmbeddedBroker(options, (settings) => new Core(settings));
  await broker.open();
  return broker;
}

/** aedes' encoder would keep a buffer for each of the 65 536 numbers of two bytes: 7 MiB, to save an allocation for each message. */
async function writeNumbersAsTheyCome(): Promise<void> {
  const { writeToStream } = await import('mqtt-packet');
  writeToStream.cacheNumbers = false;
}

type AedesSettings = ConstructorParameters<typeof Aedes>[0];

class EmbeddedBroker implements Broker {
  readonly #options: BrokerOptions;
  readonly #aedes: Aedes;
  readonly #door: Door;
  readonly #server: Server;
  readonly #sessions = new DeviceSessions();
  readonly #retained: RetainedMessages;
  readonly #rules: Rules;
  readonly #delivery: Delivery;
  readonly #handlers: Handlers;
  readonly #notes: Tally;
  #timers: Timer[] = [];

  constructor(options: BrokerOptions, createAedes: (settings: AedesSettings) => Aedes) {
    const { limits, devices, clock } = options;
    const sessions = this.#sessions;
    this.#options = options;
    this.#notes = new Tally({ most: noted, every: minute, clock });
    this.#retained = new RetainedMessages(options);
    this.#rules = new Rules(devices);
    const knows = (device: string) => devices.get(device) !== undefined;
    this.#delivery = new Delivery({ ...options, sessions, limits: limits.queue, knows });
    const memory = new SessionMemory({
      retained: this.#retained,
      acknowledged: (client, messageId) => {
        const session = this.#handlers.sessionOf(client);
        if (session !== undefined) this.#delivery.acknowledged(session, messageId);
      },
    });
    const rules = this.#rules;
    const logins = new Logins({
      devices,
      limits,
      rules,
      sessions,
      logins: options.logins,
      ...(options.counters === undefined ? {} : { counters: options.counters }),
      clock,
    });
    const presence = new Presence(options.sightings, clock);
    this.#handlers = new Handlers({ options, sessions, rules, logins, memory, delivery: this.#delivery, presence });
    this.#aedes = createAedes({
      ...this.#handlers.options(),
      persistence: memory,
      // One that does not read must not hold up the others: what waits for it is bounded by its connection.
      concurrency: 0,
      connectTimeout: limits.connectTimeout,
      drainTimeout: limits.drainTimeout,
      // They are counted before anything of them is taken, and so that somebody sees it.
      maxInflightInbound: 0,
      // Deeper ones are refused before its matching could throw.
      maxTopicLevels: topicLevels,
      maxClientsIdLength: 65_535,
    });
    this.#hear(this.#aedes);
    const isOverloaded = () => options.overload?.admits('mqtt') === false;
    this.#door = new Door({ ...limits, isOverloaded, onRefused: (reason) => this.#countRefused(reason), clock });
    this.#server = this.#createServer();
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  get connections(): number {
    return this.#door.open;
  }

  async open(): Promise<void> {
    await this.#aedes.listen();
    try {
      await listen(this.#server, this.#options);
    } catch (error) {
      this.#aedes.close();
      throw error;
    }
    this.#every('mqtt rights', recheckEvery, () => this.recheck());
    this.#every('mqtt queue', expireEvery, () => this.#delivery.expire());
  }

  publish(
    device: string,
    leaf: string,
    payload: Uint8Array,
    { replace = false }: { readonly replace?: boolean } = {},
  ): 'queued' | 'refused' {
    return this.#delivery.publish(device, leaf, payload, replace);
  }

  recheck(): void {
    for (const session of this.#sessions.all()) if (!this.#rules.holds(session)) session.connection.destroy();
    for (const place of this.#retained.places()) if (!this.#rules.isHeld(place)) this.#retained.forget(place);
  }

  async close(grace: Milliseconds): Promise<void> {
    for (const timer of this.#timers) timer.cancel();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    const late = new Promise<void>((resolve) => this.#timers.push(this.#options.clock.timer('mqtt close', grace, resolve)));
    await Promise.race([this.#lastAnswers(), late]);
    for (const timer of this.#timers) timer.cancel();
    await new Promise<void>((resolve) => this.#aedes.close(() => resolve()));
    this.#door.destroyAll();
    await closed;
  }

  async #lastAnswers(): Promise<void> {
    await this.#handlers.close();
    // aedes writes in the turn in which it is answered.
    await new Promise((resolve) => setImmediate(resolve));
    await Promise.all(this.#sessions.all().map(({ connection }) => connection.flushed()));
  }

  #hear(aedes: Aedes): void {
    aedes.on('connackSent', ({ returnCode }, client) => {
      if (returnCode === 0) this.#handlers.connected(client);
    });
    aedes.on('subscribe', (subscriptions, client) => this.#handlers.subscribed(client, subscriptions));
    aedes.on('unsubscribe', (filters, client) => this.#handlers.unsubscribed(client, filters));
    // Without a listener an error would end the process.
    (aedes as NodeJS.EventEmitter).on('error', (error: Error) =>
      this.#options.log.error({ err: error }, 'the broker has failed at something'),
    );
  }

  #countRefused(reason: DoorReason): void {
    const { counters } = this.#options;
    counters?.add('postern_broker_refused_total', { reason });
    if (reason !== 'not-known-in-time') counters?.add('postern_connections_refused_total', { door: 'broker' });
  }

  #createServer(): Server {
    const { tls } = this.#options;
    const converse = (socket: Socket) => this.#converse(socket);
    const server = tls === undefined ? createServer({ noDelay: true, keepAlive: true }, converse) : this.#createTls(tls, converse);
    // Before the listener of the conversation, and before any handshake.
    server.prependListener('connection', (socket) => this.#door.admit(socket));
    server.on('tlsClientError', (_error, socket: Socket) => socket.destroy());
    return server;
  }

  #createTls(tls: object, converse: (socket: Socket) => void): Server {
    const { connectTimeout: handshakeTimeout } = this.#options.limits;
    const server = createTlsServer({ ...tls, noDelay: true, keepAlive: true, handshakeTimeout }, converse);
    beginWithFirstRecord(server);
    return server;
  }

  #converse(socket: Socket): void {
    const visitor = this.#door.of(socket);
    if (visitor === undefined || socket.destroyed) {
      socket.destroy();
      return;
    }
    const { address, timer } = visitor;
    const { limits, counters, clock, log } = this.#options;
    const onRefused = (reason: string) => {
      counters?.add('postern_broker_refused_total', { reason });
      this.#notes.add(address);
      if (!this.#notes.isOver(address)) log.warn({ address, reason }, 'a connection to the broker is closed by its guard');
    };
    this.#aedes.handle(new GuardedConnection({ ...limits, socket, address, clock, onRefused, onAdmitted: () => timer.cancel() }));
  }

  /** A store that fails now is asked again at the next time. */
  #attempt(name: string, run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#options.log.error({ timer: name, err: error }, 'the broker could not look after what it keeps');
    }
  }

  #every(name: string, delay: Milliseconds, run: () => void): void {
    const again = () => {
      this.#timers = this.#timers.filter((timer) => timer !== current);
      this.#every(name, delay, run);
      this.#attempt(name, run);
    };
    const current = this.#options.clock.timer(name, delay, again);
    this.#timers.push(current);
  }
}

function listen(server: Server, { listen: host, port }: BrokerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) =>
      reject(new PosternError('wire.listen', { address: `${host}:${port}`, why: error.message }, { cause: error }));
    server.once('error', fail);
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', fail);
      resolve();
    });
  });
}
