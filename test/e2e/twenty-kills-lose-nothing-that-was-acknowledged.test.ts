import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { defaultDecodeLimits, type SyncMLMessage, xmlCodec } from '#src/dm/syncml/index.js';
import { eventually } from './eventually.js';
import { type Exchange, PatientDevice } from './patient-device.js';
import { seededRandom } from './seeded-random.js';
import { deviceId, Site } from './site.js';

const kills = 20;
/** Milliseconds from the start of the gateway to its end: a few sessions long, on this machine as busy as it is. */
const longest = (session: number) => Math.min(1_500, Math.max(500, 6 * session));
const seed = Number(process.env['POSTERN_SEED'] ?? Date.now() % 2 ** 31);
const below = seededRandom(seed);

let site: Site;
let device: PatientDevice;
/** Resolves when the gateway is there again. */
let back: Promise<void> = Promise.resolve();
/** Reports that were on their way north when the gateway was killed: the server may hear them again. */
const onTheirWay = new Set<string>();

/** One report for each session, for as long as the gateway is being killed; every message goes until it is answered, byte for byte. */
beforeAll(async () => {
  process.stdout.write(`POSTERN_SEED=${seed}\n`);
  site = await Site.open();
  device = new PatientDevice(await site.addDevice(), { whenLost: () => back });
  const begin = performance.now();
  await device.session();
  const most = longest(performance.now() - begin);
  let killing = true;
  const talking = (async () => {
    for (let count = 1; killing; count += 1) {
      device.report(`report ${count}`);
      await device.session();
    }
  })();
  try {
    for (let kill = 1; kill <= kills; kill += 1) await killAndStart(most);
  } finally {
    killing = false;
  }
  await talking;
  // Whatever a broken session has left with the device.
  while (device.waiting.length > 0) await device.session();
  await eventually('everything to be sent', async () => {
    const { pendingAlerts } = await site.gatewayDoor.showDevice({ id: deviceId });
    return pendingAlerts === 0 ? true : undefined;
  });
});
afterAll(async () => {
  device.close();
  await site.close();
});

it('every report that was acknowledged to the device is at the server', async () => {
  const heard = await heardByServer();
  const acknowledged = reported().filter((data) => !device.waiting.includes(data));
  expect(acknowledged.length).toBeGreaterThanOrEqual(kills);
  expect(acknowledged.filter((data) => !heard.has(data))).toEqual([]);
});

it('a byte-identical repeat is no second report', async () => {
  // A report that a device says in one session only is taken once, however often its message came; in another session it is another.
  const said = reported().map((data) => sessionsWith(data).size);
  expect(said.filter((sessions) => sessions === 1).length).toBeGreaterThan(said.length / 2);
  const taken = site.readDatabase((database) =>
    Number(database.prepare('SELECT count(*) FROM outbox WHERE owner = ?').pluck().get(deviceId)),
  );
  expect(taken).toBeGreaterThanOrEqual(said.length);
  expect(taken).toBeLessThanOrEqual(said.reduce((sum, sessions) => sum + sessions, 0));
  // Northwards it is at least once: a kill between the server's taking a report and our hearing so sends it again.
  const heard = await heardByServer();
  const twice = [...heard].filter(([data, times]) => times > sessionsWith(data).size).map(([data]) => data);
  expect(twice.filter((data) => !onTheirWay.has(data))).toEqual([]);
});

it('no nonce was lost: the device gets in again without a challenge', async () => {
  const start = device.exchanges.length;
  device.report('the last');
  expect(await device.session()).toMatchObject({ result: 'complete', authenticated: true });
  const first = device.exchanges[start];
  expect(credentialOf(first)).toBeDefined();
  expect(verdictOf(first)).toBe('212');
});

it('no credentials were accepted twice, nor are they now', async () => {
  const shown = device.exchanges.filter((exchange) => credentialOf(exchange) !== undefined);
  const accepted = shown.filter((exchange) => verdictOf(exchange) === '212').map(credentialOf);
  expect(accepted.length).toBeGreaterThan(kills);
  expect(new Set(accepted).size).toBe(accepted.length);
  const taken = device.exchanges.length;
  // The last one with a report still gets its stored answer: that is a repeat.
  for (const { sent } of shown.slice(0, -1)) {
    const reply = await device.post(site.gatewayUrl, sent);
    // After the first few they are not looked at any more.
    if (reply.status !== 503) expect(['401', '407']).toContain(verdictOf({ url: '', sent, reply }));
  }
  expect(device.exchanges).toHaveLength(taken);
  expect(await heardByServer()).toEqual(
    await eventually('the last', async () => ((await heardByServer()).get('the last') === 1 ? heardByServer() : undefined)),
  );
});

async function killAndStart(most: number): Promise<void> {
  let started = () => {};
  // Nothing is waited for here: this is the random moment.
  await pause(below(most));
  back = new Promise((resolve) => {
    started = resolve;
  });
  await site.gateway.kill();
  for (const data of unsettled()) onTheirWay.add(data);
  await site.startGateway();
  started();
}

function unsettled(): string[] {
  const rows = site.readDatabase(
    (database) => database.prepare('SELECT alert FROM outbox WHERE settled_at IS NULL').pluck().all() as string[],
  );
  return rows.map((row) => (JSON.parse(row) as { Item?: { Data?: string }[] }).Item?.[0]?.Data ?? '');
}

async function heardByServer(): Promise<Map<string, number>> {
  const heard = new Map<string, number>();
  for (const { data = '', count } of await site.serverDoor.listAlerts({ client: deviceId }))
    heard.set(data, (heard.get(data) ?? 0) + count);
  return heard;
}

/** Everything that the device has reported, by what it says. */
function reported(): string[] {
  return [...new Set(device.exchanges.flatMap(reportsIn))];
}

function sessionsWith(data: string): Set<string> {
  return new Set(
    device.exchanges.filter((exchange) => reportsIn(exchange).includes(data)).map(({ sent }) => decode(sent).SyncHdr.SessionID),
  );
}

function reportsIn({ sent }: Exchange): string[] {
  return decode(sent).SyncBody.commands.flatMap((command) =>
    command.name === 'Alert' ? (command.Item ?? []).map(({ Data }) => String(Data)) : [],
  );
}

function credentialOf(exchange: Exchange | undefined): string | undefined {
  return exchange === undefined ? undefined : decode(exchange.sent).SyncHdr.Cred?.Data;
}

/** What the gateway said of the device's header. */
function verdictOf(exchange: Exchange | undefined): string | undefined {
  if (exchange === undefined || exchange.reply.body.length === 0) return undefined;
  const status = decode(exchange.reply.body).SyncBody.commands.find((command) => command.name === 'Status' && command.CmdRef === '0');
  return status?.name === 'Status' ? status.Data : undefined;
}

function decode(bytes: Uint8Array): SyncMLMessage {
  return xmlCodec.decode(bytes, defaultDecodeLimits);
}
