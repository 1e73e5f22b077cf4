import { expect, it } from 'vitest';
import { device, startServer } from './server-under-test.js';
import { TestClient } from './test-client.js';

for (const scheme of ['md5', 'basic'] as const) {
  it(`challenges a client and answers its challenge (${scheme})`, async () => {
    const who = { ...device, scheme };
    const target = await startServer({ clients: [who] });
    await target.server.order(who.id, { command: 'Get', uri: './A' });
    expect(await new TestClient(target, who).visit()).toMatchObject({ end: 'complete', packages: [['Get ./A']] });
  });
}

it('needs no challenge in the next session of a client with MD5', async () => {
  const target = await startServer();
  const client = new TestClient(target, device);
  const first = await client.visit();
  const second = await client.visit();
  expect(second.end).toBe('complete');
  expect(second.posts.length).toBeLessThan(first.posts.length);
});

it('proves itself to a client that reports something, though there is nothing to ask', async () => {
  const target = await startServer();
  const alerts = [{ Data: '1226', Item: [{ Meta: { Type: 'org.example:ready' }, Data: 'yes' }] }];
  const first = await new TestClient(target, device).visit({ alerts });
  expect(first).toMatchObject({ end: 'complete', alerts: ['200'], packages: [['Get ./DevInfo/DmV']] });
  // A client that has lost its nonces knows another one than we do.
  expect(await new TestClient(target, device).visit({ alerts })).toMatchObject({ end: 'complete', alerts: ['200'] });
});

it('serves a client that trusts our certificate alone', async () => {
  const { serverPassword: _, ...who } = device;
  const target = await startServer({ clients: [who] });
  await target.server.order(who.id, { command: 'Get', uri: './A' });
  expect(await new TestClient(target, who).visit()).toMatchObject({ end: 'complete', packages: [['Get ./A']] });
});

it('gives a client that cannot prove itself nothing, and keeps nothing of it', async () => {
  const target = await startServer();
  const id = await target.server.order(device.id, { command: 'Get', uri: './A' });
  const alerts = [{ Data: '1226', Item: [{ Meta: { Type: 'org.example:ready' }, Data: 'yes' }] }];
  const visited = await new TestClient(target, { ...device, clientPassword: 'wrong' }).visit({ alerts });
  expect(visited).toMatchObject({ end: 'refused-by-peer', packages: [] });
  expect(target.server.alerts()).toEqual([]);
  expect(target.server.clients()).toMatchObject([{ facts: {} }]);
  expect((await target.server.command(id, 0)).state).toBe('queued');
});

it('answers an unknown client as it answers a known one with a wrong password', async () => {
  const target = await startServer();
  const wrong = await new TestClient(target, { ...device, clientPassword: 'wrong' }).visit();
  const stranger = await new TestClient(target, { ...device, id: 'urn:imei:000000000000000' }).visit();
  const shape = ({ posts }: typeof wrong) => posts.map(({ reply }) => neutral(Buffer.from(reply.body).toString()));
  expect(shape(stranger)).toEqual(shape(wrong));
  expect(shape(wrong).length).toBeGreaterThan(1);
  expect(stranger.end).toBe(wrong.end);
});

/** Without names, nonces and addresses. */
function neutral(text: string): string {
  return text
    .replaceAll(device.id, 'ID')
    .replaceAll('urn:imei:000000000000000', 'ID')
    .replace(/<NextNonce[^>]*>[^<]*/g, '<NextNonce>N')
    .replace(/<RespURI>[^<]*/g, '<RespURI>R')
    .replace(/https:[^<]*/g, 'URL');
}

it('refuses plain http, unless the client is allowed to', async () => {
  const allowed = { ...device, id: 'urn:x:allowed', allowPlainHttp: true };
  const target = await startServer({ plain: true, clients: [device, allowed] });
  expect((await new TestClient(target, device).visit()).posts.map(({ reply }) => reply.status)).toEqual([403]);
  expect((await new TestClient(target, { ...device, id: 'urn:x:stranger' }).visit()).posts.map(({ reply }) => reply.status)).toEqual([403]);
  expect((await new TestClient(target, allowed).visit()).end).toBe('complete');
});
