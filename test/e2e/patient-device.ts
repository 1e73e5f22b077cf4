import { type DmClient, type DmPost, type DmReply, isPosternError, silentLog, systemClock, systemEntropy } from '#src/base/index.js';
import type { AddedDevice } from '#src/control/index.js';
import { clientTlsOptions } from '#src/security/index.js';
import { createDmClient } from '#src/transport/index.js';
import { type DeviceEvent, defaultDeviceSettings, type SessionEvent, stateInMemory, VirtualDevice } from '#src/virtual-device/index.js';
import { deviceId, reportType } from './site.js';

/** One message that was posted, as often as it took, and its answer. */
export interface Exchange {
  readonly url: string;
  readonly sent: Buffer;
  readonly reply: DmReply;
}

export interface PatientDeviceOptions {
  readonly id?: string;
  /** Awaited before the same bytes go again because no answer came; absent: they do not. */
  readonly whenLost?: () => Promise<void>;
  /** Awaited before a message is sent. */
  readonly beforePost?: (post: DmPost) => Promise<void> | void;
  /** Awaited before the device reads an answer. */
  readonly afterPost?: (exchange: Exchange) => Promise<void> | void;
}

/** The virtual device in the test's own process, so that the test holds every byte of its wire and decides when it repeats. */
export class PatientDevice {
  readonly exchanges: Exchange[] = [];
  readonly told: DeviceEvent[] = [];
  readonly #options: PatientDeviceOptions;
  readonly #device: VirtualDevice;
  readonly #clients;
  readonly #said = new Map<string, string>();
  #closed = false;

  constructor({ dmAcc, trust }: Pick<AddedDevice, 'dmAcc' | 'trust'>, options: PatientDeviceOptions = {}) {
    this.#options = options;
    this.#clients = createDmClient({
      tls: clientTlsOptions({ trust: [trust], systemRoots: false }),
      log: silentLog,
      maxResponseBytes: defaultDeviceSettings.decode.bytes,
    });
    const repeats = { ...defaultDeviceSettings.repeats, tries: 0 };
    const clients = { session: () => this.#listenTo(this.#clients.session()), close: () => this.#clients.close() };
    this.#device = new VirtualDevice(
      {
        settings: { ...defaultDeviceSettings, repeats, softwareVersion: '1' },
        state: stateInMemory(),
        clients,
        clock: systemClock,
        entropy: systemEntropy,
        tell: (event) => this.told.push(event),
      },
      { id: options.id ?? deviceId, bootstrap: dmAcc },
    );
  }

  /** What its reports say that no server has taken yet. */
  get waiting(): readonly string[] {
    return this.#device.waiting.map((ref) => this.#said.get(ref) ?? ref);
  }

  read(uri: string): string {
    return this.#device.read(uri);
  }

  report(data: string): string {
    const ref = this.#device.report({ type: reportType, data });
    this.#said.set(ref, data);
    return ref;
  }

  session(): Promise<SessionEvent> {
    return this.#device.runSession();
  }

  /** Posts exactly these bytes on a connection of their own. */
  async post(url: string, body: Uint8Array): Promise<DmReply> {
    const client = this.#clients.session();
    try {
      return await client.post({ url, body, contentType, accept: '*/*', timeout: 20_000 });
    } finally {
      client.close();
    }
  }

  close(): void {
    this.#closed = true;
    this.#clients.close();
  }

  #listenTo(client: DmClient): DmClient {
    return { post: (post) => this.#postUntilAnswered(client, post), close: () => client.close() };
  }

  async #postUntilAnswered(client: DmClient, post: DmPost): Promise<DmReply> {
    const { whenLost, beforePost, afterPost } = this.#options;
    await beforePost?.(post);
    for (;;) {
      try {
        const reply = await client.post(post);
        const exchange = { url: post.url, sent: Buffer.from(post.body), reply };
        this.exchanges.push(exchange);
        await afterPost?.(exchange);
        return reply;
      } catch (error) {
        if (whenLost === undefined || this.#closed || !isPosternError(error)) throw error;
        await whenLost();
      }
    }
  }
}

const contentType = 'application/vnd.syncml.dm+xml; charset=UTF-8';
