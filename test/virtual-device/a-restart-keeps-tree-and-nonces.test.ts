import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStateFile } from '#src/virtual-device/index.js';
import { temporaryDirectory } from '../security/temporary-directory.js';
import { deviceFor, eventsOf } from './device.js';
import { ask, DmServer } from './dm-server.js';

test('what was written, counted and reported is there again', async () => {
  const server = await DmServer.start();
  server.asks.push([ask('Replace', './Vendor/Lamp/Level', '42', 'int'), ask('Add', './Vendor/Note', 'x'), ask('Exec', './Vendor/Counter')]);
  const directory = temporaryDirectory();
  const before = deviceFor({ url: server.url, state: openStateFile(directory) });
  await before.device.runSession();
  before.device.report({ type: 'urn:oma:at:x-test:late:1.0', data: 'still here' });
  const { device } = deviceFor({ url: server.url, state: openStateFile(directory) });
  const kept = ['./Vendor/Lamp/Level', './Vendor/Note', './Vendor/Count'].map((uri) => device.read(uri));
  expect(kept).toEqual(['42', 'x', '1']);
  expect(device.waiting).toEqual(['a1']);
  expect((await device.runSession()).sessionId).toBe('2');
});

test('the nonces are good without another challenge', async () => {
  const server = await DmServer.start();
  server.asks.push([ask('Get', './DevInfo/Man')], [], [ask('Get', './DevInfo/Mod')]);
  const directory = temporaryDirectory();
  await deviceFor({ url: server.url, state: openStateFile(directory) }).device.runSession();
  const { device, events } = deviceFor({ url: server.url, state: openStateFile(directory) });
  expect(await device.runSession()).toMatchObject({ result: 'complete', authenticated: true });
  expect(eventsOf(events, 'said').length).toBe(2);
});

test('a state that is none is refused and names the file', () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'device.json'), '{"version": 1', { mode: 0o600 });
  expect(() => openStateFile(directory).read()).toThrow(expect.objectContaining({ code: 'device.state' }));
  writeFileSync(join(directory, 'device.json'), '{"version": 2}', { mode: 0o600 });
  expect(() => openStateFile(directory).read()).toThrow(join(directory, 'device.json'));
});

test('a device without an account says what it needs', () => {
  expect(() => deviceFor({ url: 'ftp://127.0.0.1/dm' })).toThrow(expect.objectContaining({ code: 'device.address' }));
});
