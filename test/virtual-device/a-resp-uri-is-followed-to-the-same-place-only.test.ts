import { expect, test } from 'vitest';
import { deviceFor } from './device.js';
import { ask, DmServer } from './dm-server.js';

test('another host gets nothing', async () => {
  const elsewhere = await DmServer.start();
  const server = await DmServer.start({ respUri: elsewhere.url });
  server.asks.push([ask('Get', './DevInfo/Mod')]);
  const { device } = deviceFor({ url: server.url });
  expect(await device.runSession()).toMatchObject({ result: 'silence' });
  expect(elsewhere.bodies).toEqual([]);
});
