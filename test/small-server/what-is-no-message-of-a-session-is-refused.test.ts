import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { device, type ServerUnderTest, startServer } from './server-under-test.js';
import { TestClient } from './test-client.js';

const packageOne = readFileSync(new URL('../fixtures/syncml/package-1-minimal.xml', import.meta.url));

it('answers 400 to what is no SyncML, 413 to what breaks a limit, 415 to another type, and keeps nothing', async () => {
  const target = await startServer();
  const client = new TestClient(target, device);
  expect((await client.post('<SyncML>')).status).toBe(400);
  expect((await client.post(Buffer.alloc(1_048_577, 32))).status).toBe(413);
  expect((await client.post(packageOne, target.url, 'text/plain')).status).toBe(415);
  expect((await client.post(packageOne, `${target.url}/s/short`)).status).toBe(404);
  expect(target.server.sessions()).toEqual([]);
});

it('answers 413 to a name that no session is to keep', async () => {
  const target = await startServer();
  const client = new TestClient(target, device);
  const named = (characters: number) => packageOne.toString().replace(/<Source><LocURI>[^<]*/, `<Source><LocURI>${'x'.repeat(characters)}`);
  expect(named(3)).toContain('<LocURI>xxx<');
  expect((await client.post(named(1_025))).status).toBe(413);
  expect(target.server.sessions()).toEqual([]);
  expect((await client.post(named(1_024))).status).not.toBe(413);
});

it('ends a message for a session that is not open with a Status and 1223', async () => {
  const target = await startServer();
  const reply = await new TestClient(target, device).post(packageOne, `${target.url}/s/${'A'.repeat(32)}`);
  const text = Buffer.from(reply.body).toString();
  expect(reply.status).toBe(200);
  expect(text).toContain('<Cmd>SyncHdr</Cmd>');
  expect(text).toContain('<Data>1223</Data>');
});

it('does not let one client speak in the session of another', async () => {
  const other = { ...device, id: 'urn:x:other' };
  const target = await startServer({ clients: [device, other] });
  await target.server.order(device.id, { command: 'Get', uri: './A' });
  const { posts } = await new TestClient(target, device).visit({ execute: () => 'vanish' });
  const respUri = /<RespURI>([^<]+)/.exec(Buffer.from(posts.at(-1)?.reply.body ?? '').toString())?.[1];
  const reply = await new TestClient(target, other).post(packageOne, respUri);
  expect(Buffer.from(reply.body).toString()).toContain('<Data>1223</Data>');
  expect(target.server.sessions()).toMatchObject([{ client: device.id, state: 'open' }]);
});

it('lets strangers push out only strangers', async () => {
  const target = await startServer({ settings: { maxSessions: 4 } });
  await target.server.order(device.id, { command: 'Get', uri: './A' });
  await new TestClient(target, device).visit({ execute: () => 'vanish' });
  for (const stranger of ['urn:x:1', 'urn:x:2', 'urn:x:3', 'urn:x:4', 'urn:x:5']) await knock(target, stranger);
  expect(target.server.sessions().map(({ client }) => client)).toEqual([device.id, 'urn:x:5']);
});

it('refuses a session where there is no room', async () => {
  const target = await startServer({ settings: { maxSessions: 1 } });
  await target.server.order(device.id, { command: 'Get', uri: './A' });
  await new TestClient(target, device).visit({ execute: () => 'vanish' });
  expect((await knock(target, 'urn:x:1')).status).toBe(503);
  expect(target.server.sessions()).toHaveLength(1);
});

/** A package 1 without credentials. */
function knock(target: ServerUnderTest, id: string) {
  const body = packageOne.toString().replace(/(<Source>\s*<LocURI>)[^<]*/, `$1${id}`);
  return new TestClient(target, device).post(body);
}
