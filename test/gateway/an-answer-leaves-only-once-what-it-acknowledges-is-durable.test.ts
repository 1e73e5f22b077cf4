import { expect, test } from 'vitest';
import { PosternError } from '#src/base/index.js';
import { genericAlert } from './commands.js';
import { declareDevice, deviceId, openGateway } from './gateway-under-test.js';
import { FarDevice, FarServer, until } from './peers.js';

test('alerts are in the store before their Status leaves', async () => {
  let commits = 0;
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const server = await FarServer.open();
  const under = await openGateway({
    beforeCommit: () => {
      commits += 1;
      return under.requests.length > 1 ? opened : Promise.resolve();
    },
  });
  declareDevice(under, [server]);
  const device = new FarDevice(under.url);
  const session = device.session([genericAlert()]);
  await until(() => under.requests.length > 1 && commits > 1);
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(device.exchanges).toHaveLength(1);
  expect(under.store.outbox.pending(deviceId, 'operator')).toHaveLength(1);
  expect(server.requests).toBe(0);
  open();
  expect(await session).toMatchObject({ reason: 'complete' });
});

test('where nothing can be kept, nothing is acknowledged', async () => {
  const under = await openGateway({ beforeCommit: () => Promise.reject(new PosternError('store.full', { file: 'gateway.db' })) });
  declareDevice(under);
  expect(await new FarDevice(under.url).session([genericAlert()])).toMatchObject({ reason: 'silence', detail: 'HTTP 503' });
});

test('a loss of which somebody else has heard is no acknowledgement, and the same message is taken when it comes again', async () => {
  let isLost = false;
  const under = await openGateway({
    // The conversation waits first, and the session's answer only afterwards.
    beforeCommit: () => {
      if (isLost || under.store.outbox.total() === 0) return Promise.resolve();
      isLost = true;
      return Promise.reject(new PosternError('store.full', { file: 'gateway.db' }));
    },
  });
  const server = await FarServer.open();
  declareDevice(under, [server]);
  const device = new FarDevice(under.url);
  expect(await device.session([genericAlert()])).toMatchObject({ reason: 'silence', detail: 'HTTP 503' });
  expect(await device.session([genericAlert()])).toMatchObject({ reason: 'complete' });
});
