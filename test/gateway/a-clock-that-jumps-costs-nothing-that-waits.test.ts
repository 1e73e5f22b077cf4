import { expect, test } from 'vitest';
import { ManualClock, SteadyClock, silentLog } from '#src/base/index.js';
import { clockJumps } from './clock-jumps.js';
import { genericAlert } from './commands.js';
import { declareDevice, deviceId, openGateway } from './gateway-under-test.js';
import { decode, elapse, FarDevice, FarServer, packageOne, until } from './peers.js';

test.each(clockJumps)('%s: what waits is neither sent at once nor given up, and goes when its time has come', async (_jump, by) => {
  let down = true;
  const server = await FarServer.open({ instead: () => (down ? { status: 503 } : undefined) });
  const clock = new ManualClock();
  const steady = new SteadyClock(clock, silentLog);
  const under = await openGateway({ clock, time: steady, entropy: { below: (end) => end - 1 } });
  declareDevice(under, [server], { polling: 'never' });
  const device = new FarDevice(under.url);
  await device.session();
  const used = device.nonces.get('client') ?? '';
  await device.session([genericAlert()]);
  const timers = clock.pending().length;
  const requests = server.requests;
  clock.jump(by);
  under.gateway.start();
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(server.requests).toBe(requests);
  expect(clock.pending().length).toBeLessThanOrEqual(timers + 2);
  expect(under.store.outbox.pending(deviceId, 'operator')).toHaveLength(1);
  // An earlier nonce counts no more than it did, and the one that was handed over last still does.
  const cred = { scheme: 'md5', userName: 'device', password: 'device-password', nonce: used } as const;
  const replayed = packageOne({ id: deviceId, url: under.url, sessionId: '7F', cred });
  expect(decode((await device.post(under.url, replayed)).body).SyncBody.commands[0]).toMatchObject({ Data: '401' });
  expect(await device.session()).toMatchObject({ reason: 'complete' });
  down = false;
  await elapse(clock, 'departures', under.settings.retry.cap);
  await until(() => server.alerts.length === 1);
});
