import { cpSync } from 'node:fs';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../store/store-fixture.js';
import { genericAlert, get } from './commands.js';
import { declareDevice, deviceId, type GatewayUnderTest, openGateway } from './gateway-under-test.js';
import { decode, FarDevice, FarServer, until } from './peers.js';

/** What a kill at this moment leaves on the disk. */
function asKilled({ directory }: GatewayUnderTest): string {
  const copy = temporaryDirectory();
  cpSync(directory, copy, { recursive: true });
  return copy;
}

/** The alerts that wait for the server or were taken by it. */
function queued(under: GatewayUnderTest): number {
  return under.store.outbox.pending(deviceId, 'operator').length;
}

test('while it is worked on: one answer for both', async () => {
  let open = () => {};
  const opened = new Promise<undefined>((resolve) => {
    open = () => resolve(undefined);
  });
  const server = await FarServer.open({ instead: () => opened });
  const under = await openGateway();
  declareDevice(under, [server]);
  const device = new FarDevice(under.url);
  const session = device.session([genericAlert()]);
  await until(() => server.requests > 0);
  const inWork = under.requests.at(-1);
  const repeat = device.post(`${new URL(under.url).origin}${inWork?.path}`, inWork?.body ?? new Uint8Array());
  await until(() => under.requests.length === 3);
  open();
  await session;
  const answers = device.exchanges.find(({ sent }) => Buffer.compare(sent, inWork?.body ?? new Uint8Array()) === 0);
  expect(Buffer.from((await repeat).body)).toEqual(Buffer.from(answers?.reply.body ?? []));
  expect(server.alerts).toHaveLength(1);
});

test('after the answer, in the session and after its end', async () => {
  const server = await FarServer.open({ batches: [[get('g', './DevInfo/Man')]] });
  const under = await openGateway();
  declareDevice(under, [server]);
  const repeats: Promise<unknown>[] = [];
  const device: FarDevice = new FarDevice(under.url, {
    instead: async () => {
      const last = device.exchanges.at(-1);
      if (last !== undefined) repeats.push(device.post(last.url, last.sent).then(({ body }) => expect(body).toEqual(last.reply.body)));
      await Promise.all(repeats);
      return undefined;
    },
  });
  await device.session([genericAlert()]);
  expect(repeats).toHaveLength(1);
  const last = device.exchanges.at(-1);
  if (last === undefined) throw new Error('no exchange');
  expect((await device.post(last.url, last.sent)).body).toEqual(last.reply.body);
  expect(server.alerts).toHaveLength(1);
  expect(queued(under)).toBe(0);
});

test('package 1 of the session that is open, with nothing to report', async () => {
  const server = await FarServer.open({ batches: [[], [get('g', './DevInfo/Man')]] });
  const under = await openGateway();
  declareDevice(under, [server]);
  const device = new FarDevice(under.url, {
    instead: (commands) => (commands.some(({ name }) => name === 'Get') && server.messages.length > 1 ? 'vanish' : undefined),
  });
  await device.session();
  expect(await device.session()).toMatchObject({ reason: 'vanished' });
  const last = device.exchanges.at(-1);
  if (last === undefined) throw new Error('no exchange');
  expect(last.url).toBe(under.url);
  expect((await device.post(last.url, last.sent)).body).toEqual(last.reply.body);
});

test('package 1 that was answered, posted again to where sessions begin', async () => {
  const server = await FarServer.open();
  const under = await openGateway();
  declareDevice(under, [server]);
  const device = new FarDevice(under.url);
  await device.session();
  await device.session([genericAlert()]);
  const last = device.exchanges.at(-1);
  if (last === undefined) throw new Error('no exchange');
  expect(last.url).toBe(under.url);
  expect((await device.post(last.url, last.sent)).body).toEqual(last.reply.body);
  expect(server.alerts).toHaveLength(1);
});

test('after a restart of store and gateway: the stored answer, and the alerts are not queued twice', async () => {
  const server = await FarServer.open({ instead: () => ({ status: 503 }) });
  const under = await openGateway();
  declareDevice(under, [server]);
  const device = new FarDevice(under.url, { sessionId: '1' });
  await device.session([genericAlert()]);
  const withAlerts = device.exchanges.find(({ url }) => url !== under.url);
  if (withAlerts === undefined) throw new Error('no exchange at the RespURI');
  expect(queued(under)).toBe(1);
  await under.kill();
  const again = await openGateway({ directory: under.directory });
  const moved = new URL(withAlerts.url);
  moved.port = new URL(again.url).port;
  expect((await device.post(moved.href, withAlerts.sent)).body).toEqual(withAlerts.reply.body);
  // And where it says it again to the address where sessions begin.
  expect((await device.post(again.url, withAlerts.sent)).body).toEqual(withAlerts.reply.body);
  expect(queued(again)).toBe(1);
});

test('stopped between taking the alerts and answering: the same alerts under new credentials are not queued twice', async () => {
  let asked = 0;
  const server = await FarServer.open({ instead: () => (asked++ === 0 ? new Promise<undefined>(() => {}) : { status: 503 }) });
  const under = await openGateway();
  declareDevice(under, [server]);
  const cut = new FarDevice(under.url, { sessionId: '1' }).session([genericAlert()]);
  await until(() => server.requests > 0);
  const again = await openGateway({ directory: asKilled(under) });
  expect(queued(again)).toBe(1);
  const back = new FarDevice(again.url, { sessionId: '1' });
  // Its credentials are used up: the repeat is challenged, and the challenge is not taken for the answer.
  const repeat = await back.post(again.url, under.requests.at(-1)?.body ?? new Uint8Array());
  expect(decode(repeat.body).SyncBody.commands[0]).toMatchObject({ Data: '401' });
  expect(await back.session([genericAlert()])).toMatchObject({ reason: 'complete' });
  expect(back.alertStatuses).toEqual([['alert-0', '200']]);
  expect(queued(again)).toBe(1);
  await server.close();
  await cut;
});

test('another message that says the same later is a new alert', async () => {
  const server = await FarServer.open();
  const under = await openGateway();
  declareDevice(under, [server]);
  const device = new FarDevice(under.url, { sessionId: '1' });
  await device.session([genericAlert()]);
  await device.session([genericAlert()]);
  expect(server.alerts).toHaveLength(2);
});

test('the answer of long ago is no answer', async () => {
  const server = await FarServer.open();
  const under = await openGateway();
  declareDevice(under, [server]);
  const device = new FarDevice(under.url);
  await device.session();
  await device.session([genericAlert()]);
  const last = device.exchanges.at(-1);
  if (last === undefined) throw new Error('no exchange');
  under.clock.advance(under.settings.repeatWindow + 1);
  expect((await device.post(last.url, last.sent)).body).not.toEqual(last.reply.body);
  expect(server.alerts).toHaveLength(1);
});

test('an answer that is too large to be kept does not hang the device', async () => {
  const server = await FarServer.open({
    batches: [[{ name: 'Add', CmdID: 'a', Item: [{ Target: { LocURI: './T' }, Data: 'x'.repeat(5_000) }] }]],
  });
  const under = await openGateway({ limits: { answerBytes: 1_000 } });
  declareDevice(under, [server]);
  expect(await new FarDevice(under.url).session([genericAlert()])).toMatchObject({ reason: 'complete' });
  expect(server.alerts).toHaveLength(1);
});
