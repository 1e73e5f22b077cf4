import type SqliteDatabase from 'better-sqlite3';
import type { SmallServerCommand } from '#src/control/index.js';
import { eventually } from '../e2e/eventually.js';
import { PatientDevice } from '../e2e/patient-device.js';
import { type Site, serverId } from '../e2e/site.js';
import type { KilledGateway } from './killed-gateway.js';
import { sendTrigger } from './send-trigger.js';

/** What became of what one device and its server were told was taken. */
export interface DeviceAccount {
  readonly reports: number;
  readonly triggers: number;
  readonly lost: readonly string[];
  readonly effects: number;
  readonly repeated: readonly string[];
}

/** Sessions that a device may need at most to get rid of its reports once nothing is killed any more. */
const mostSessions = 50;
/** Milliseconds without one report arriving: on a machine that is busy with something else this says nothing yet. */
const longestLull = 120_000;

interface AcceptedTrigger {
  readonly sessionId: string;
  readonly nonce: string;
}

interface TalkerParts {
  readonly site: Site;
  readonly id: string;
  readonly device: PatientDevice;
  readonly trust: string;
  readonly serverPassword: string;
}

/** A device that reports in every session, and is told to execute something in many; for some its server asks by a trigger. */
export class Talker {
  readonly #parts: TalkerParts;
  readonly #reported: string[] = [];
  /** Triggers that were answered 202 and whose nonce has not been seen to be another since. */
  #accepted: AcceptedTrigger[] = [];
  #triggers = 0;
  #talking = true;

  private constructor(parts: TalkerParts) {
    this.#parts = parts;
  }

  static async meet(site: Site, gateway: KilledGateway, id: string): Promise<Talker> {
    const from = site.passwords.length;
    const added = await site.addDevice({ id });
    const device = new PatientDevice(added, { id, whenLost: () => gateway.back });
    const begin = performance.now();
    await device.session();
    gateway.paceBy(performance.now() - begin);
    // The two of the leg north come first, and of them the client's.
    const talker = new Talker({ site, id, device, trust: added.trust, serverPassword: site.passwords[from + 1] ?? '' });
    gateway.whenDown((database) => talker.#missing(database));
    return talker;
  }

  async talk(below: (end: number) => number): Promise<void> {
    const { site, id, device } = this.#parts;
    for (let count = 1; this.#talking; count += 1) {
      this.#report(`report ${count}`);
      if (below(2) === 0) await site.queue([order(`order ${count}`)], id);
      if (below(2) === 0) await this.#trigger(count.toString(16).toUpperCase());
      await device.session();
    }
  }

  stop(): void {
    this.#talking = false;
  }

  /** Whatever a broken session has left with the device, or with the gateway. */
  async settle(): Promise<void> {
    const { site, id, device } = this.#parts;
    for (let session = 0; session === 0 || device.waiting.length > 0 || (await this.#hasTrigger()); session += 1) {
      if (session === mostSessions) throw new Error(`${id} gets no session any more`);
      await device.session();
    }
    const waiting = async () => (await site.gatewayDoor.showDevice({ id })).pendingAlerts;
    // How long all of them take is the machine's affair; that they get fewer is ours.
    for (let left = await waiting(); left > 0; ) {
      left = await eventually(
        `fewer than ${left} reports to wait`,
        async () => {
          const now = await waiting();
          return now < left ? now : undefined;
        },
        longestLull,
      );
    }
  }

  async account(): Promise<DeviceAccount> {
    const { site, id, device } = this.#parts;
    const waiting = new Set(device.waiting);
    const acknowledged = this.#reported.filter((data) => !waiting.has(data));
    const heard = new Set((await site.serverDoor.listAlerts({ client: id })).map(({ data }) => data));
    const executed = this.#executed();
    return {
      reports: acknowledged.length,
      triggers: this.#triggers,
      lost: acknowledged.filter((data) => !heard.has(data)).map((data) => `${id} ${data}`),
      effects: executed.length,
      repeated: executed.filter((data, at) => executed.indexOf(data) !== at).map((data) => `${id} ${data}`),
    };
  }

  close(): void {
    this.#parts.device.close();
  }

  #report(data: string): void {
    this.#reported.push(data);
    this.#parts.device.report(data);
  }

  /** The server asks for a session. Whether a trigger was taken that no answer came to, nobody can tell. */
  async #trigger(sessionId: string): Promise<void> {
    const { site, id, trust, serverPassword: password } = this.#parts;
    const nonce = site.readDatabase((database) => this.#nonce(database));
    const status = await sendTrigger(site, { device: id, sessionId, password, nonce, trust }).catch(() => undefined);
    if (status !== 202) return;
    this.#triggers += 1;
    this.#accepted.push({ sessionId, nonce });
  }

  /** A trigger is kept until its session, and a session of that server takes its nonce from it. */
  #missing(database: SqliteDatabase.Database): string[] {
    const kept = database.prepare('SELECT session_id FROM session_request WHERE owner = ?').pluck().all(this.#parts.id);
    const nonce = this.#nonce(database);
    this.#accepted = this.#accepted.filter((trigger) => trigger.nonce === nonce);
    const missing = this.#accepted.filter(({ sessionId }) => !kept.includes(sessionId));
    // Told once.
    this.#accepted = this.#accepted.filter((trigger) => !missing.includes(trigger));
    return missing.map(({ sessionId }) => `${this.#parts.id} trigger ${sessionId}`);
  }

  #nonce(database: SqliteDatabase.Database): string {
    const sought = database.prepare("SELECT value FROM nonce WHERE leg = ? AND whose = 'server'").pluck();
    return String(sought.get(`north/${this.#parts.id}/${serverId}`) ?? '');
  }

  async #hasTrigger(): Promise<boolean> {
    const { pending } = await this.#parts.site.gatewayDoor.listTriggers();
    return pending.some(({ target }) => target === this.#parts.id);
  }

  /** The device's own word, and its own count must bear it out. */
  #executed(): string[] {
    const { id, device } = this.#parts;
    const executed = device.told.flatMap((event) =>
      event.event === 'executed' && event.command === 'Exec' && event.status === '200' ? [event.value ?? ''] : [],
    );
    const counted = Number(device.read('./Vendor/Count'));
    if (counted !== executed.length) throw new Error(`${id} counts ${counted} effects and told of ${executed.length}`);
    return executed;
  }
}

/** Each order is told apart by its data. */
function order(data: string): SmallServerCommand {
  return { command: 'Exec', uri: './Vendor/Counter', data };
}
