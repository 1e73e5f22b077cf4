import { expect, test } from 'vitest';
import { deviceFor, eventsOf } from './device.js';
import { ask, DmServer } from './dm-server.js';

const report = { type: 'urn:oma:at:x-test:button:1.0', data: 'pressed', correlator: 'job-7' };

test.each(['500', '415', '417'])('a server that says %s hears it again', async (status) => {
  const server = await DmServer.start();
  server.alertStatus = status;
  const { device, events } = deviceFor({ url: server.url });
  const ref = device.report(report);
  await device.runSession();
  // It proves itself with its first command; before that its statuses are nobody's.
  server.asks.push([ask('Get', './DevInfo/Mod')]);
  await device.runSession();
  expect(device.waiting).toEqual([ref]);
  server.alertStatus = '200';
  await device.runSession();
  expect(device.waiting).toEqual([]);
  expect(eventsOf(events, 'alert').at(-1)).toEqual({ event: 'alert', ref, type: report.type, status: '200' });
});

test('as the Generic Alert that it is, and not once more when it was taken', async () => {
  const server = await DmServer.start();
  server.alertStatus = '202';
  server.asks.push([ask('Get', './DevInfo/Mod')]);
  const { device } = deviceFor({ url: server.url });
  device.report(report);
  await device.runSession();
  const heard = server.alerts.filter(({ Data }) => Data === '1226');
  expect(heard).toMatchObject([{ Correlator: 'job-7', Item: [{ Meta: { Type: report.type, Format: 'chr' }, Data: 'pressed' }] }]);
  await device.runSession();
  expect(server.alerts.filter(({ Data }) => Data === '1226').length).toBe(1);
});

test('no more wait than have room', async () => {
  const { device } = deviceFor({ url: 'https://127.0.0.1:9/dm' });
  for (let at = 0; at < 100; at += 1) device.report(report);
  expect(() => device.report(report)).toThrow(expect.objectContaining({ code: 'device.order' }));
});
