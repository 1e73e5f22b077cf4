import { setTimeout as pause } from 'node:timers/promises';
import { connect, type MqttClient } from 'mqtt';
import { eventually } from '../e2e/eventually.js';
import type { Site } from '../e2e/site.js';
import type { KilledGateway } from './killed-gateway.js';
import { sendTrigger } from './send-trigger.js';

const id = 'urn:imei:490154203237598';
/** Milliseconds until a message that waits has to have come, on a machine that is busy with something else. */
const patience = 180_000;

/** Milliseconds until it connects again. */
const latest = 400;

interface ListenerParts {
  readonly site: Site;
  readonly gateway: KilledGateway;
  readonly userName: string;
  readonly password: string;
  readonly trust: string;
}

/**
 * A transparent device that hears its triggers from the embedded broker. What the gateway took for it, answered by 202, waits in the broker's
 * queue until the device has acknowledged it by a PUBACK.
 */
export class Listener {
  /** Messages that the gateway took. */
  messages = 0;
  readonly lost: string[] = [];
  readonly #parts: ListenerParts;
  readonly #heard = new Set<string>();
  #client: MqttClient | undefined;
  #asking = true;
  #listening = true;

  private constructor(parts: ListenerParts) {
    this.#parts = parts;
  }

  static async meet(site: Site, gateway: KilledGateway): Promise<Listener> {
    const { proxy, trust } = await site.gatewayDoor.addDevice({ id, mode: 'transparent', trigger: { by: 'mqtt' } });
    if (proxy === undefined) throw new Error('a transparent device without a password');
    return new Listener({ site, gateway, ...proxy, trust });
  }

  /** It comes late, so that messages wait for it. Resolves when it is told to stop. */
  async listen(below: (end: number) => number): Promise<void> {
    const { gateway, userName, password } = this.#parts;
    while (this.#listening) {
      await gateway.back;
      await pause(below(latest));
      // It was told to stop meanwhile, and nobody would close another connection.
      if (!this.#listening) return;
      const client = connect(this.#url(), { username: userName, password, clientId: 'listener', reconnectPeriod: 0 });
      this.#client = client;
      const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
      client.on('error', () => undefined);
      client.on('connect', () => client.subscribe(`devices/${encodeURIComponent(id)}/trigger`, { qos: 1 }, () => undefined));
      // Before its PUBACK leaves.
      client.on('message', (_topic, payload) => void this.#heard.add(payload.toString('latin1')));
      await closed;
      client.end(true);
    }
  }

  /** One after the other: a newer one takes the place of one that waits. */
  async ask(below: (end: number) => number): Promise<void> {
    const { site, trust } = this.#parts;
    for (let count = 1; this.#asking; count += 1) {
      const sessionId = count.toString(16).toUpperCase();
      const about = { device: id, sessionId, password: 'between the device and its server', nonce: 'bm9uY2U=', trust };
      const status = await sendTrigger(site, about).catch(() => undefined);
      if (status === 202) await this.#expect(count);
      await pause(below(100));
    }
  }

  /** Asks for nothing more; what was taken is still heard. */
  stop(): void {
    this.#asking = false;
  }

  close(): void {
    this.#asking = false;
    this.#listening = false;
    this.#client?.end(true);
  }

  async #expect(count: number): Promise<void> {
    this.messages += 1;
    const isHeard = () => ([...this.#heard].some((text) => sessionIdIn(text) === count) ? true : undefined);
    await eventually(`message ${count}`, isHeard, patience).catch((error: Error) => this.lost.push(`${id} ${error.message}`));
  }

  /** Where the broker listens since the last start. */
  #url(): string {
    const line = this.#parts.site.printed.findLast((text) => text.includes('"the broker listens"')) ?? '{}';
    return String((JSON.parse(line) as { url?: string }).url);
  }
}

/** The two bytes before the length of the server id. @see OMA DM Notification 1.2 § 6.2 */
function sessionIdIn(trigger: string): number {
  return Buffer.from(trigger, 'latin1').readUInt16BE(21);
}
