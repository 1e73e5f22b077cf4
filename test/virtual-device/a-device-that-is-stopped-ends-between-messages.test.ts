import { expect, test } from 'vitest';
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
