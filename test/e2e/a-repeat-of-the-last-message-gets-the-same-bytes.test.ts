import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from './eventually.js';
import { type Exchange, PatientDevice } from './patient-device.js';
import { deviceId, Site } from './site.js';

let site: Site;
let device: PatientDevice;
let afterPost: (exchange: Exchange) => Promise<void> = async () => {};

beforeAll(async () => {
  site = await Site.open();
  device = new PatientDevice(await site.addDevice(), { afterPost: (exchange) => afterPost(exchange) });
  await device.session();
});
afterAll(async () => {
  device.close();
  await site.close();
});

it('each message of a session goes twice, and everything happens once', async () => {
  const repeated: Exchange[] = [];
  afterPost = async (exchange) => {
    const reply = await device.post(exchange.url, exchange.sent);
    repeated.push({ ...exchange, reply });
    expect(reply.status).toBe(200);
    expect(Buffer.from(reply.body)).toEqual(Buffer.from(exchange.reply.body));
  };
  const ids = await site.queue([{ command: 'Exec', uri: './Vendor/Counter' }]);
  device.report('pressed once');
  expect(await device.session()).toMatchObject({ result: 'complete' });
  expect(repeated.length).toBeGreaterThan(1);
  expect(await site.outcomes(ids)).toMatchObject([{ state: 'done', statuses: [{ status: 200 }] }]);
  expect(device.read('./Vendor/Count')).toBe('1');
  expect(await heard('pressed once')).toBe(1);
});

it('the last message, repeated when the session is over, gets the same bytes', async () => {
  afterPost = async () => {};
  const last = device.exchanges.at(-1);
  for (let time = 0; time < 3; time += 1) {
    const reply = await device.post(last?.url ?? '', last?.sent ?? Buffer.alloc(0));
    expect(Buffer.from(reply.body)).toEqual(Buffer.from(last?.reply.body ?? []));
  }
  expect(device.read('./Vendor/Count')).toBe('1');
  expect(await heard('pressed once')).toBe(1);
});

it('a report repeated after the gateway was killed gets the same bytes, and is no second report', async () => {
  const twice: Buffer[] = [];
  const before = taken();
  afterPost = async (exchange) => {
    afterPost = async () => {};
    await site.gateway.kill();
    await site.startGateway();
    const reply = await device.post(exchange.url, exchange.sent);
    twice.push(Buffer.from(exchange.reply.body), Buffer.from(reply.body));
  };
  device.report('before the kill');
  await device.session();
  expect(twice).toHaveLength(2);
  expect(twice[0]).toEqual(twice[1]);
  await eventually('the report', async () => ((await heard('before the kill')) > 0 ? true : undefined));
  await eventually('all to be sent', async () =>
    (await site.gatewayDoor.showDevice({ id: deviceId })).pendingAlerts === 0 ? true : undefined,
  );
  expect(taken()).toBe(before + 1);
});

/** How often the server heard a report. */
async function heard(data: string): Promise<number> {
  const alerts = await site.serverDoor.listAlerts({ client: deviceId });
  return alerts.filter((alert) => alert.data === data).reduce((sum, { count }) => sum + count, 0);
}

/** How many reports of the device the gateway has taken; what it reports itself not counted. */
function taken(): number {
  return site.readDatabase((database) => Number(database.prepare('SELECT count(*) FROM outbox WHERE owner = ?').pluck().get(deviceId)));
}
