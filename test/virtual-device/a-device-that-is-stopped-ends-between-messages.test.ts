import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { ManualClock } from '#src/base/index.js';
import { defaultDeviceSettings } from '#src/virtual-device/index.js';
import { deviceFor } from './device.js';
import { ask, DmServer } from './dm-server.js';

test('what was asked is done and answered, with 1223 as the last word', async () => {
  const server = await DmServer.start();
  const stopper = { stop: () => {} };
  const { device } = deviceFor({
    url: server.url,
    through: (clients) => ({
      close: () => clients.close(),
      session() {
        const session = clients.session();
        return {
          close: () => session.close(),
          async post(request) {
            const reply = await session.post(request);
            if (Buffer.from(reply.body).includes('./Vendor/Counter')) stopper.stop();
            return reply;
          },
        };
      },
    }),
  });
  server.asks.push([ask('Get', './DevInfo/Man')], [ask('Exec', './Vendor/Counter')]);
  await device.runSession();
  server.asks.push([ask('Exec', './Vendor/Counter')]);
  stopper.stop = () => device.stop();
  expect(await device.runSession()).toMatchObject({ result: 'aborted' });
  expect(server.messages.at(-1)?.SyncBody.commands.at(-1)).toMatchObject({ name: 'Alert', Data: '1223' });
  expect(server.ends.at(-1)).toBe('aborted-by-peer');
  expect(device.read('./Vendor/Count')).toBe('2');
});

test('a server that says nothing is waited for only as long as the grace', async () => {
  const mute = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
  onTestFinished(() => void mute.close());
  await once(mute, 'listening');
  const clock = new ManualClock();
  const { device } = deviceFor({ url: `http://127.0.0.1:${(mute.address() as AddressInfo).port}/dm`, clock });
  const session = device.runSession();
  await once(mute, 'connection');
  device.stop();
  clock.advance(defaultDeviceSettings.stopGrace);
  expect(await session).toMatchObject({ result: 'silence' });
});

test('a pause before a repeat ends at once', async () => {
  const clock = new ManualClock();
  const { device, events } = deviceFor({ url: 'http://127.0.0.1:9/dm', clock });
  const session = device.runSession();
  while (!events.some(({ event }) => event === 'unanswered')) await new Promise((resolve) => setImmediate(resolve));
  device.stop();
  expect(await session).toMatchObject({ result: 'silence' });
});
