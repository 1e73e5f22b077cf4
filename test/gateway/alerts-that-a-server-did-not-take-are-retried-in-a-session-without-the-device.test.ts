import { expect, test } from 'vitest';
import { genericAlert, get, statuses } from './commands.js';
import { declareDevice, deviceId, type GatewayOptions, openGateway } from './gateway-under-test.js';
import { elapse, FarDevice, FarServer, type ServerScript, until } from './peers.js';

async function report(script: ServerScript, options: GatewayOptions = {}) {
  const server = await FarServer.open(script);
  const under = await openGateway(options);
  declareDevice(under, [server], { polling: 'never' });
  const device = new FarDevice(under.url);
  return { server, under, device };
}

test('commands are answered with 1223 and no status', async () => {
  let down = true;
  const { server, under, device } = await report({
    batches: [[get('g', './DevInfo/Man')]],
    instead: () => (down ? { status: 503 } : undefined),
  });
  expect(await device.session([genericAlert()])).toMatchObject({ reason: 'complete' });
  expect(device.alertStatuses).toEqual([['alert-0', '200']]);
  down = false;
  await elapse(under.clock, 'departures', under.settings.retry.cap);
  await until(() => server.ends.length === 1);
  expect(server.alerts).toHaveLength(1);
  expect(server.ends[0]).toEqual({ reason: 'aborted-by-peer', undelivered: [] });
  expect(statuses(server.replies)).toEqual([]);
  expect(server.messages.at(-1)?.SyncHdr.Source.LocURI).toBe(deviceId);
  expect(server.messages.at(-1)?.SyncBody.commands.map(({ name }) => name)).toEqual(['Status', 'Alert']);
  await until(() => under.gateway.sessions().length === 0);
  expect(under.store.outbox.pending(deviceId, 'operator')).toEqual([]);
});

test('soon after the session of the device has failed', async () => {
  let down = true;
  const { server, under, device } = await report({ instead: () => (down ? { status: 503 } : undefined) });
  await device.session([genericAlert()]);
  down = false;
  await elapse(under.clock, 'departures', under.settings.retry.first + 1);
  await until(() => server.alerts.length === 1);
});

test('after a random part of a wait that doubles up to the cap', async () => {
  const { server, under, device } = await report({ instead: () => ({ status: 503 }) }, { entropy: { below: (end) => end - 1 } });
  await device.session([genericAlert()]);
  await elapse(under.clock, 'departures', under.settings.retry.first);
  await until(() => server.requests === 2 && under.gateway.sessions().length === 0);
  for (const [round, wait] of [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000].entries()) {
    await elapse(under.clock, 'departures', wait);
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(server.requests).toBe(2 + round);
    await elapse(under.clock, 'departures', 1);
    await until(() => server.requests === 3 + round && under.gateway.sessions().length === 0);
  }
});

test('a server that is down is not asked again at once for every report', async () => {
  const { server, under, device } = await report({ instead: () => ({ status: 503 }) }, { entropy: { below: (end) => end - 1 } });
  await device.session(Array.from({ length: 100 }, (_, at) => genericAlert(String(at))));
  const requests = server.requests;
  await elapse(under.clock, 'departures', under.settings.deviceWait);
  await until(() => server.requests > requests && under.gateway.sessions().length === 0);
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(server.requests).toBe(requests + 1);
});

test('many go in order, each once', async () => {
  const { server, under, device } = await report({});
  await device.session(Array.from({ length: 100 }, (_, at) => genericAlert(String(at))));
  await elapse(under.clock, 'departures', under.settings.deviceWait);
  await until(() => server.alerts.length === 100);
  expect(server.alerts.map(({ Item }) => Item?.[0]?.Data)).toEqual(Array.from({ length: 100 }, (_, at) => String(at)));
});

test('what is too old is given up', async () => {
  const { server, under, device } = await report(
    { instead: () => ({ status: 503 }) },
    { settings: { retry: { first: 1_000, cap: 60_000, maxAge: 100_000 } } },
  );
  await device.session([genericAlert()]);
  for (let requests = server.requests; under.store.outbox.pending(deviceId, 'operator').length > 0; requests += 1) {
    await elapse(under.clock, 'departures', 60_000);
    await until(() => server.requests > requests && under.gateway.sessions().length === 0);
  }
  expect(server.requests).toBeGreaterThan(1);
  expect(under.log.some(({ message }) => message === 'a report became too old and was given up')).toBe(true);
  expect(server.requests).toBeLessThan(10);
});

test('what waits at a restart is sent, also by a gateway without accounts of its own', async () => {
  let down = true;
  const { server, under, device } = await report({ instead: () => (down ? { status: 503 } : undefined) });
  await device.session([genericAlert()]);
  await under.stop();
  down = false;
  const again = await openGateway({ directory: under.directory, clock: under.clock });
  again.gateway.start();
  await elapse(again.clock, 'departures', again.settings.retry.cap);
  await until(() => server.alerts.length === 1);
});

test('the open session of the device carries what it reports, and no other is opened', async () => {
  let asked = 0;
  let open = () => {};
  const opened = new Promise<undefined>((resolve) => {
    open = () => resolve(undefined);
  });
  const server = await FarServer.open({ instead: () => (asked++ === 0 ? opened : undefined) });
  const under = await openGateway({ settings: { answerTimeout: 3_600_000 } });
  declareDevice(under, [server]);
  const session = new FarDevice(under.url).session([genericAlert()]);
  await until(() => server.requests === 1);
  // The reporter's time has come, and the server has still not said what it thinks of the alert.
  await elapse(under.clock, 'departures', under.settings.deviceWait);
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  open();
  expect(await session).toMatchObject({ reason: 'complete' });
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(server.alerts).toHaveLength(1);
  expect(server.requests).toBe(1);
});

test('what the device reports in the middle goes with its answers', async () => {
  const server = await FarServer.open({ batches: [[get('g', './DevInfo/Man')], [get('h', './DevInfo/Mod')]] });
  const under = await openGateway();
  declareDevice(under, [server]);
  const device = new FarDevice(under.url, { late: [genericAlert('late')] });
  await device.session();
  expect(device.alertStatuses).toEqual([['late-0', '200']]);
  expect(server.alerts).toHaveLength(1);
  expect(server.ends).toHaveLength(1);
  expect(under.store.outbox.pending(deviceId, 'operator')).toEqual([]);
});

test('a report that the server wants again is not said twice in one session', async () => {
  const { server, device, under } = await report(
    { judge: () => '417', batches: [[get('g', './DevInfo/Man')], [get('h', './DevInfo/Mod')]] },
    { entropy: { below: () => 0 } },
  );
  await device.session([genericAlert()]);
  expect(server.ends).toHaveLength(1);
  expect(server.alerts).toHaveLength(1);
  expect(under.store.outbox.pending(deviceId, 'operator')).toHaveLength(1);
});
