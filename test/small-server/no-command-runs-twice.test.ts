import { expect, it } from 'vitest';
import { device, startServer, temporaryDirectory } from './server-under-test.js';
import { obey, TestClient } from './test-client.js';

it('aborts what was sent before a crash, and does not send it again', async () => {
  const directory = temporaryDirectory();
  const before = await startServer({ directory });
  const id = await before.server.order(device.id, { command: 'Exec', uri: './Reboot' });
  const first = await new TestClient(before, device).visit({ execute: () => 'vanish' });
  expect(first.packages).toEqual([['Exec ./Reboot']]);
  await before.crash();

  const after = await startServer({ directory });
  expect((await after.server.command(id, 0)).state).toBe('sent');
  const second = await new TestClient(after, device).visit();
  expect(second.packages).toEqual([]);
  expect(await after.server.command(id, 0)).toMatchObject({ state: 'aborted', statuses: [], reason: expect.stringContaining('in doubt') });
});

it('aborts what a session left that went silent', async () => {
  const target = await startServer();
  const id = await target.server.order(device.id, { command: 'Exec', uri: './Reboot' });
  await new TestClient(target, device).visit({ execute: () => 'vanish' });
  target.clock.advance(300_000);
  expect(target.server.sessions()).toEqual([]);
  expect((await target.server.command(id, 0)).state).toBe('sent');
  expect((await new TestClient(target, device).visit()).packages).toEqual([]);
  expect((await target.server.command(id, 0)).state).toBe('aborted');
});

it('aborts what an earlier session left when the client opens another', async () => {
  const target = await startServer();
  const client = new TestClient(target, device);
  const id = await target.server.order(device.id, { command: 'Exec', uri: './Reboot' });
  await client.visit({ execute: () => 'vanish' });
  expect((await client.visit()).packages).toEqual([]);
  expect((await target.server.command(id, 0)).state).toBe('aborted');
  expect(target.server.sessions()).toEqual([]);
});

it('puts back what a client refused with 1223 before it did anything', async () => {
  const target = await startServer();
  const id = await target.server.order(device.id, { command: 'Exec', uri: './Reboot' });
  await new TestClient(target, device).visit({ execute: () => 'abort' });
  expect((await target.server.command(id, 0)).state).toBe('queued');
  expect((await new TestClient(target, device).visit()).packages).toEqual([['Exec ./Reboot']]);
  expect((await target.server.command(id, 0)).state).toBe('done');
});

it('aborts what a client said nothing about in its answer', async () => {
  const target = await startServer();
  const one = await target.server.order(device.id, { command: 'Exec', uri: './A' });
  const two = await target.server.order(device.id, { command: 'Exec', uri: './B' });
  await new TestClient(target, device).visit({ execute: ([first]) => obey(first === undefined ? [] : [first]) });
  expect((await target.server.command(one, 0)).state).toBe('done');
  expect(await target.server.command(two, 0)).toMatchObject({ state: 'aborted', reason: expect.stringContaining('said nothing') });
});

it('does not put back what a client said nothing about when it ended with 1223 after a Status for another', async () => {
  const target = await startServer();
  const one = await target.server.order(device.id, { command: 'Exec', uri: './A' });
  const two = await target.server.order(device.id, { command: 'Exec', uri: './B' });
  const client = new TestClient(target, device);
  await client.visit({ execute: ([first]) => ({ abortAfter: obey(first === undefined ? [] : [first]) }) });
  expect((await target.server.command(one, 0)).state).toBe('done');
  expect((await target.server.command(two, 0)).state).toBe('sent');
  expect((await client.visit()).packages).toEqual([]);
  expect((await target.server.command(two, 0)).state).toBe('aborted');
});

it('puts back what had not left when its session ended', async () => {
  const target = await startServer();
  const long = 'x'.repeat(12_000);
  const ids = [];
  for (const uri of ['./A', './B', './C']) ids.push(await target.server.order(device.id, { command: 'Replace', uri, data: long }));
  const first = await new TestClient(target, device).visit({ execute: () => 'vanish' });
  expect(first.packages).toEqual([['Replace ./A']]);
  target.clock.advance(300_000);
  const states = await Promise.all(ids.map(async (id) => (await target.server.command(id, 0)).state));
  expect(states).toEqual(['sent', 'queued', 'queued']);
});
