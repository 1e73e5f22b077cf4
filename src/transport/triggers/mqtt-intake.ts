import type { IClientOptions, IPublishPacket, MqttClient } from 'mqtt';
import { type Backoff, type Clock, type Entropy, fullJitter, type Log, type Milliseconds, type Timer } from '#src/base/index.js';
import { loginOptions, type MqttLogin } from './mqtt-login.js';

/** Its `clientId` is the same at every start: the broker keeps what comes while we are away under it. */
export interface MqttIntakeOptions extends MqttLogin {
  /** What is subscribed to, with QoS 1. */
  readonly topics: string;
  /** Takes one message; it is acknowledged when this resolves, and comes again when it rejects. */
  readonly handle: (topic: string, payload: Uint8Array) => Promise<unknown>;
  readonly retry: Backoff;
  readonly keepAlive: Milliseconds;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
}

export interface MqttIntake {
  /** Leaves the broker; what it has for us stays there. */
  close(): Promise<void>;
}

/** How long connecting and its handshake may take. */
const connectTimeout: Milliseconds = 10_000;
/** A connection that has held so long begins anew with short waits. */
const holds: Milliseconds = 60_000;

/**
 * Our own connection out to an MQTT broker (3.1.1), through whatever NAT there is, opened again whenever it is lost. It
 * does not wait for the broker to be there.
 */
export async function openMqttIntake(options: MqttIntakeOptions): Promise<MqttIntake> {
  // Most gateways need none: it costs a tenth of a second and 12 MB.
  const { connect } = await import('mqtt');
  const intake = new Intake(options, connect(options.url, clientOptions(options)));
  return { close: () => intake.close() };
}

function clientOptions(options: MqttIntakeOptions): IClientOptions {
  return {
    // Reconnecting is ours: by the library's clock all gateways would come together.
    ...loginOptions(options),
    clean: false,
    resubscribe: false,
    connectTimeout,
    keepalive: Math.ceil(options.keepAlive / 1000),
  };
}

class Intake {
  readonly #options: MqttIntakeOptions;
  readonly #client: MqttClient;
  #attempts = 0;
  #connectedAt: Milliseconds | undefined;
  #timer: Timer | undefined;
  #closed = false;

  constructor(options: MqttIntakeOptions, client: MqttClient) {
    this.#options = options;
    this.#client = client;
    // Without a listener an error would end the process.
    client.on('error', (error) => this.#note(error));
    client.on('connect', () => this.#connected());
    client.on('close', () => this.#lost());
    client.handleMessage = (packet, done) => this.#take(packet, done);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    await this.#client.endAsync(!this.#client.connected);
  }

  #note(error: Error): void {
    this.#options.log.warn({ url: this.#options.url, err: error }, 'the connection to the MQTT broker has a problem');
  }

  #connected(): void {
    const { url, topics, clock, log } = this.#options;
    this.#connectedAt = clock.monotonic();
    log.info({ url, topics }, 'connected to the MQTT broker');
    this.#client.subscribe(topics, { qos: 1 }, (error, granted) => {
      if (error !== null) return this.#note(error);
      if (granted?.some(({ qos }) => qos > 2)) log.error({ url, topics }, 'the MQTT broker does not let us subscribe; allow it there');
    });
  }

  /** Full jitter: after an outage of the broker not everybody returns together. */
  #lost(): void {
    const { clock, entropy, retry } = this.#options;
    if (this.#closed) return;
    if (this.#connectedAt !== undefined && clock.monotonic() - this.#connectedAt >= holds) this.#attempts = 0;
    this.#connectedAt = undefined;
    this.#timer?.cancel();
    this.#timer = clock.timer('mqtt-reconnect', Math.max(1, fullJitter(retry, this.#attempts, entropy)), () => this.#client.reconnect());
    this.#attempts += 1;
  }

  /** The PUBACK leaves when `done` is called without an error. Where it is not, only a new connection makes the broker send again. */
  #take({ topic, payload }: IPublishPacket, done: (error?: Error) => void): void {
    this.#options.handle(topic, Buffer.from(payload)).then(
      () => done(),
      (error: Error) => {
        this.#options.log.error({ topic, err: error }, 'a message of the MQTT broker could not be taken; it is to come again');
        done(error);
        this.#client.stream.destroy();
      },
    );
  }
}
