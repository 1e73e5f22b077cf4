import { expect, test } from 'vitest';
import { genericAlert } from './commands.js';
import { declareDevice, declareOwnAccount, deviceId, openGateway } from './gateway-under-test.js';
import { elapse, FarDevice, FarServer, until } from './peers.js';

test('sessions that hang north are cut when the time of grace is over; what was acknowledged is kept', async () => {
  const server = await FarServer.open({
    instead: ({ signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve({ status: 500 }))),
  });
  const under = await openGateway();
  declareDevice(under, [server]);
  declareOwnAccount(under, server);
  const device = new FarDevice(under.url);
  const session = device.session([genericAlert()]);
  await until(() => server.requests === 2);
  const stopped = under.gateway.stop(7_000);
  await elapse(under.clock, 'drain', 7_000);
  await stopped;
  expect(await session).toMatchObject({ reason: 'aborted-by-peer' });
  expect(under.gateway.sessions()).toEqual([]);
  expect(under.store.outbox.pending(deviceId, 'operator')).toHaveLength(1);
  expect(under.store.outbox.pending('gateway', 'operator')).toHaveLength(1);
});

test('open sessions may end by themselves in the time of grace', async () => {
  let open = () => {};
  const opened = new Promise<undefined>((resolve) => {
    open = () => resolve(undefined);
  });
  const server = await FarServer.open({ instead: () => opened });
  const under = await openGateway();
  declareDevice(under, [server]);
  const session = new FarDevice(under.url).session();
  await until(() => server.requests === 1);
  const stopped = under.gateway.stop(7_000);
  open();
  expect(await session).toMatchObject({ reason: 'complete' });
  await stopped;
});
