import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from './eventually.js';
import { PatientDevice } from './patient-device.js';
import { Site } from './site.js';

const cycles = 3;
/** Sessions that are complete before each SIGTERM, with others on their way. */
const sessionsBetween = 8;
const ids = Array.from({ length: 4 }, (_, at) => `urn:imei:49015420323751${at}`);
let site: Site;
let busy: BusyDevice[];

/** A device that reports something in each session, one session after the other. */
class BusyDevice {
  readonly #device: PatientDevice;
  readonly #id: string;
  #reports = 0;
  #working: Promise<void> | undefined;
  #stopped = false;
  sessions = 0;
  /** What happened to sessions that were not complete. */
  readonly others: string[] = [];

  constructor(device: PatientDevice, id: string) {
    this.#device = device;
    this.#id = id;
  }

  /** What the gateway has said that it has. */
  get acknowledged(): string[] {
    const { waiting } = this.#device;
    return this.#names().filter((name) => !waiting.includes(name));
  }

  work(): void {
    this.#stopped = false;
    this.#working = this.#work();
  }

  /** Resolves when the session that is on its way is over. */
  async rest(): Promise<void> {
    this.#stopped = true;
    await this.#working;
  }

  async settle(): Promise<void> {
    await eventually(`all of ${this.#id} is taken`, async () => {
      await this.#device.session();
      return this.#device.waiting.length === 0 ? true : undefined;
    });
  }

  close(): void {
    this.#device.close();
  }

  async #work(): Promise<void> {
    while (!this.#stopped) {
      this.#reports += 1;
      this.#device.report(`${this.#id} ${this.#reports}`);
      const { result } = await this.#device.session();
      if (result === 'complete') this.sessions += 1;
      else {
        // The gateway leaves: nobody is there until it is started again.
        this.others.push(result);
        return;
      }
    }
  }

  #names(): string[] {
    return Array.from({ length: this.#reports }, (_, at) => `${this.#id} ${at + 1}`);
  }
}

beforeAll(async () => {
  site = await Site.open();
  busy = [];
  for (const id of ids) busy.push(new BusyDevice(new PatientDevice(await site.addDevice({ id }), { id }), id));
});
afterAll(async () => {
  for (const device of busy) device.close();
  await site.close();
});

const complete = () => busy.reduce((sum, { sessions }) => sum + sessions, 0);

it(`${cycles} times while sessions are on their way: it leaves with 0 within 10 s each time, and what it had acknowledged arrives`, async () => {
  const acknowledged = new Set<string>();
  for (let cycle = 0; cycle < cycles; cycle += 1) {
    const before = complete();
    for (const device of busy) device.work();
    await eventually('the devices are at work', () => (complete() - before >= sessionsBetween ? true : undefined));
    // It would be null if it had to be killed, which ChildProgram does after 10 s.
    expect(await site.gateway.stop()).toBe(0);
    await Promise.all(busy.map((device) => device.rest()));
    for (const device of busy) for (const name of device.acknowledged) acknowledged.add(name);
    await site.startGateway();
  }
  expect(acknowledged.size).toBeGreaterThanOrEqual(cycles * sessionsBetween);
  // It left in the midst of their work.
  expect(busy.flatMap(({ others }) => others).length).toBeGreaterThan(0);
  for (const device of busy) await device.settle();
  const missing = await eventually('what was acknowledged is heard', async () => {
    const alerts = await Promise.all(ids.map((client) => site.serverDoor.listAlerts({ client })));
    const heard = new Set(alerts.flat().map(({ data }) => data));
    const rest = [...acknowledged].filter((name) => !heard.has(name));
    return rest.length === 0 ? rest : undefined;
  });
  expect(missing).toEqual([]);
});
