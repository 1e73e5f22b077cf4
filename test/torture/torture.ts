import { setTimeout as pause } from 'node:timers/promises';
import type { SmallServerCommand } from '#src/control/index.js';
import { eventually } from '../e2e/eventually.js';
import { PatientDevice } from '../e2e/patient-device.js';
import { seededRandom } from '../e2e/seeded-random.js';
import { Site } from '../e2e/site.js';

export interface TortureOptions {
  readonly kills: number;
  /** The moments of the kills and the load follow from it, as far as the machine's own timing allows. */
  readonly seed: number;
  /** How many devices talk at once; 4 unless set. */
  readonly devices?: number;
}

/** What the kills came to; `lost`, `repeated` and `unsound` ought to be empty. */
export interface TortureOutcome {
  readonly kills: number;
  /** Reports that the gateway acknowledged to a device. */
  readonly acknowledged: number;
  /** Acknowledged, and never heard by the DM server. */
  readonly lost: readonly string[];
  /** Commands that took effect at a device. */
  readonly effects: number;
  /** Those that took effect there more than once. */
  readonly repeated: readonly string[];
  /** What `quick_check` said of the database after a kill, if not `ok`. */
  readonly unsound: readonly string[];
}

/**
 * Kills the real gateway (SIGKILL) at random moments while devices report and a DM server has each of them execute what it counts. Both are
 * processes of their own; the devices repeat a message whose answer was lost, byte for byte. Counts only what the devices and the server saw.
 */
export async function torture({ kills, seed, devices = 4 }: TortureOptions): Promise<TortureOutcome> {
  const below = seededRandom(seed);
  const site = await Site.open();
  const gateway = new KilledGateway(site, below);
  const talkers: Talker[] = [];
  try {
    for (let at = 1; at <= devices; at += 1) talkers.push(await Talker.meet(site, gateway, `urn:imei:4901542032375${10 + at}`));
    const talking = talkers.map((talker) => talker.talk(below));
    try {
      for (let kill = 1; kill <= kills; kill += 1) await gateway.killAndStart();
    } finally {
      for (const talker of talkers) talker.stop();
    }
    await Promise.all(talking);
    for (const talker of talkers) await talker.settle();
    const accounts = await Promise.all(talkers.map((talker) => talker.account()));
    return { kills, ...sumOf(accounts), unsound: gateway.unsound };
  } finally {
    for (const talker of talkers) talker.close();
    await site.close();
  }
}

/** Milliseconds from the start of the gateway to its end: a few sessions long. */
const longest = 400;
/** Sessions that a device may need at most to get rid of its reports once nothing is killed any more. */
const mostSessions = 50;

/** Milliseconds without one report arriving: on a machine that is busy with something else this says nothing yet. */
const longestLull = 120_000;

class KilledGateway {
  readonly unsound: string[] = [];
  readonly #site: Site;
  readonly #below: (end: number) => number;
  #back: Promise<void> = Promise.resolve();

  constructor(site: Site, below: (end: number) => number) {
    this.#site = site;
    this.#below = below;
  }

  /** Resolves when it is there again. */
  get back(): Promise<void> {
    return this.#back;
  }

  async killAndStart(): Promise<void> {
    // Nothing is waited for here: this is the random moment.
    await pause(this.#below(longest));
    let started = () => {};
    this.#back = new Promise((resolve) => {
      started = resolve;
    });
    await this.#site.gateway.kill();
    const check = this.#site.readDatabase((database) => String(database.pragma('quick_check', { simple: true })));
    if (check !== 'ok') this.unsound.push(check);
    await this.#site.startGateway();
    started();
  }
}

interface DeviceAccount {
  readonly acknowledged: number;
  readonly lost: readonly string[];
  readonly effects: number;
  readonly repeated: readonly string[];
}

/** A device that reports in every session, and is told to execute something in many. */
class Talker {
  readonly #site: Site;
  readonly #id: string;
  readonly #device: PatientDevice;
  readonly #reported: string[] = [];
  #talking = true;

  private constructor(site: Site, id: string, device: PatientDevice) {
    this.#site = site;
    this.#id = id;
    this.#device = device;
  }

  static async meet(site: Site, gateway: KilledGateway, id: string): Promise<Talker> {
    const device = new PatientDevice(await site.addDevice({ id }), { id, whenLost: () => gateway.back });
    await device.session();
    return new Talker(site, id, device);
  }

  async talk(below: (end: number) => number): Promise<void> {
    for (let count = 1; this.#talking; count += 1) {
      this.#report(`report ${count}`);
      if (below(2) === 0) await this.#site.queue([order(`order ${count}`)], this.#id);
      await this.#device.session();
    }
  }

  stop(): void {
    this.#talking = false;
  }

  /** Whatever a broken session has left with the device, or with the gateway. */
  async settle(): Promise<void> {
    for (let session = 0; session === 0 || this.#device.waiting.length > 0; session += 1) {
      if (session === mostSessions) throw new Error(`${this.#id} gets no session any more`);
      await this.#device.session();
    }
    const waiting = async () => (await this.#site.gatewayDoor.showDevice({ id: this.#id })).pendingAlerts;
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
    const waiting = new Set(this.#device.waiting);
    const acknowledged = this.#reported.filter((data) => !waiting.has(data));
    const heard = new Set((await this.#site.serverDoor.listAlerts({ client: this.#id })).map(({ data }) => data));
    const executed = this.#executed();
    return {
      acknowledged: acknowledged.length,
      lost: acknowledged.filter((data) => !heard.has(data)).map((data) => `${this.#id} ${data}`),
      effects: executed.length,
      repeated: executed.filter((data, at) => executed.indexOf(data) !== at).map((data) => `${this.#id} ${data}`),
    };
  }

  close(): void {
    this.#device.close();
  }

  #report(data: string): void {
    this.#reported.push(data);
    this.#device.report(data);
  }

  /** The device's own word, and its own count must bear it out. */
  #executed(): string[] {
    const executed = this.#device.told.flatMap((event) =>
      event.event === 'executed' && event.command === 'Exec' && event.status === '200' ? [event.value ?? ''] : [],
    );
    const counted = Number(this.#device.read('./Vendor/Count'));
    if (counted !== executed.length) throw new Error(`${this.#id} counts ${counted} effects and told of ${executed.length}`);
    return executed;
  }
}

/** Each order is told apart by its data. */
function order(data: string): SmallServerCommand {
  return { command: 'Exec', uri: './Vendor/Counter', data };
}

function sumOf(accounts: readonly DeviceAccount[]): DeviceAccount {
  return {
    acknowledged: accounts.reduce((sum, { acknowledged }) => sum + acknowledged, 0),
    lost: accounts.flatMap(({ lost }) => lost),
    effects: accounts.reduce((sum, { effects }) => sum + effects, 0),
    repeated: accounts.flatMap(({ repeated }) => repeated),
  };
}
