import { expect, test } from 'vitest';
import { deviceFor, eventsOf } from './device.js';
import { ask, DmServer } from './dm-server.js';

test('Get, Replace, Add and Delete act on it', async () => {
  const server = await DmServer.start();
  server.asks.push(
    [ask('Get', './Vendor/Lamp'), ask('Replace', './Vendor/Lamp/On', 'true', 'bool'), ask('Add', './Vendor/Note', 'hello', 'chr')],
    [ask('Get', './Vendor/Lamp/On'), ask('Get', './Vendor/Note'), ask('Delete', './Vendor/Note')],
    [ask('Get', './Vendor/Note')],
  );
  const { device } = deviceFor({ url: server.url });
  await device.runSession();
  expect(server.results()).toEqual(['On/Level/Name', 'true', 'hello']);
  expect(server.statuses('Replace')).toEqual(['200']);
  expect(server.statuses('Add')).toEqual(['200']);
  expect(server.statuses('Delete')).toEqual(['200']);
  expect(server.statuses('Get')).toEqual(['200', '200', '200', '404']);
  expect(device.read('./Vendor/Lamp/On')).toBe('true');
});

test('Exec has an effect that can be counted and is told', async () => {
  const server = await DmServer.start();
  server.asks.push([ask('Exec', './Vendor/Counter'), ask('Exec', './Vendor/Counter'), ask('Exec', './Vendor/Reboot')]);
  const { device, events } = deviceFor({ url: server.url });
  await device.runSession();
  expect([device.read('./Vendor/Count'), device.read('./Vendor/BootCount')]).toEqual(['2', '1']);
  expect(eventsOf(events, 'effect').map(({ uri, value }) => `${uri}=${value}`)).toEqual([
    './Vendor/Count=1',
    './Vendor/Count=2',
    './Vendor/BootCount=1',
  ]);
  expect(eventsOf(events, 'executed').map(({ command, uri, status }) => [command, uri, status])).toEqual([
    ['Exec', './Vendor/Counter', '200'],
    ['Exec', './Vendor/Counter', '200'],
    ['Exec', './Vendor/Reboot', '200'],
  ]);
});

test('a large leaf arrives whole in messages that the server can take', async () => {
  const server = await DmServer.start();
  server.asks.push([ask('Get', './Vendor/Log')]);
  const { device } = deviceFor({ url: server.url });
  await device.runSession();
  const sent = server.messages.flatMap(({ SyncBody }) => SyncBody.commands).filter(({ name }) => name === 'Results');
  const text = sent.flatMap((results) => ('Item' in results ? (results.Item ?? []) : [])).map(({ Data }) => Data);
  expect(text.length).toBeGreaterThan(5);
  expect(text.join('')).toBe(device.read('./Vendor/Log'));
});

test('a server may change the password of the account, and it is told to nobody', async () => {
  const server = await DmServer.start();
  server.asks.push([ask('Replace', './DMAcc/operator/AppAuth/Client/AAuthSecret', 'brand-new', 'chr')]);
  const { device, events } = deviceFor({ url: server.url });
  await device.runSession();
  expect(server.statuses('Replace')).toEqual(['200']);
  expect(JSON.stringify(events)).not.toContain('brand-new');
  expect(() => device.read('./DMAcc/operator/AppAuth/Client/AAuthSecret')).toThrow(expect.objectContaining({ code: 'device.order' }));
  expect(await device.runSession()).toMatchObject({ result: 'refused-by-peer' });
});
