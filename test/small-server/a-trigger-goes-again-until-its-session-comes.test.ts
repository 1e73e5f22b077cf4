import { expect, it } from 'vitest';
import { PosternError } from '#src/base/index.js';
import type { TriggerAddress } from '#src/config/index.js';
import { decodeNotification, defaultNotificationLimits, verifyNotification } from '#src/dm/notification/index.js';
import type { NewClient } from '#src/small-server/index.js';
import { device, startServer, type TestOptions, temporaryDirectory } from './server-under-test.js';
import { TestClient } from './test-client.js';

const reach = 'wsp://198.51.100.7:2948';
const reachable: NewClient = { ...device, reach };

async function openSite(options: TestOptions = {}) {
  const sent: { to: TriggerAddress; trigger: Uint8Array }[] = [];
  const sendTrigger = async (to: TriggerAddress, trigger: Uint8Array) => void sent.push({ to, trigger });
  const target = await startServer({ clients: [reachable], sendTrigger, ...options });
  /** Lets time go on until no trigger is sent any more. */
  const waitLong = async () => {
    for (let round = 0; round < 50 && target.clock.pending().includes('trigger-repeat'); round += 1) {
      target.clock.advance(300_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { ...target, sent, waitLong, state: () => target.server.clients()[0]?.trigger };
}

const read = (trigger: Uint8Array | undefined) => decodeNotification(trigger ?? new Uint8Array(), defaultNotificationLimits);

it('the same bytes, each after a wait that grows, a bounded number of times', async () => {
  const { server, sent, waitLong, state } = await openSite();
  const { sessionId } = await server.trigger(device.id);
  expect(state()).toEqual({ sessionId, state: 'waiting', sends: 1 });
  await waitLong();
  expect(sent).toHaveLength(8);
  expect(new Set(sent.map(({ trigger }) => Buffer.from(trigger).toString('hex'))).size).toBe(1);
  expect(sent[0]?.to).toEqual({ by: 'udp', host: '198.51.100.7', port: 2948, isFramed: true });
  expect(read(sent[0]?.trigger)).toMatchObject({ sessionId, serverId: 'owner', initiator: 'server' });
  expect(state()).toEqual({ sessionId, state: 'given-up', sends: 8 });
});

it('and ends with the session that comes under it, and with no other', async () => {
  const { server, sent, waitLong, state, ...target } = await openSite();
  const client = new TestClient({ server, ...target }, device);
  const { sessionId } = await server.trigger(device.id);
  await client.visit({ sessionId: '99' });
  expect(state()?.state).toBe('waiting');
  const waits = server.trigger(device.id, { wait: 60_000 });
  await client.visit({ sessionId });
  expect(await waits).toMatchObject({ sessionId, state: 'answered' });
  const before = sent.length;
  await waitLong();
  expect(sent).toHaveLength(before);
});

it('also with one that comes while the trigger is still on its way', async () => {
  let arrive = () => {};
  const sendTrigger = () =>
    new Promise<void>((resolve) => {
      arrive = resolve;
    });
  const { server, clock, state, ...target } = await openSite({ sendTrigger });
  const asked = server.trigger(device.id);
  while (state() === undefined) await new Promise((resolve) => setImmediate(resolve));
  await new TestClient({ server, clock, ...target }, device).visit({ sessionId: state()?.sessionId ?? '' });
  arrive();
  expect(await asked).toMatchObject({ state: 'answered', sends: 1 });
  expect(clock.pending()).not.toContain('trigger-repeat');
});

it('a stranger under its SessionID ends nothing', async () => {
  const { server, state, ...target } = await openSite();
  const { sessionId } = await server.trigger(device.id);
  await new TestClient({ server, ...target }, { ...device, clientPassword: 'guessed' }).visit({ sessionId });
  expect(state()?.state).toBe('waiting');
});

it('it is proved with the nonce that the client has handed over last', async () => {
  const { server, sent, store, waitLong, ...target } = await openSite();
  const known = { serverId: 'owner', secret: { kind: 'password', value: 'sesame' } } as const;
  await server.trigger(device.id);
  expect(verifyNotification(read(sent[0]?.trigger), known, '')).toBe(true);
  await server.order(device.id, { command: 'Get', uri: './A' });
  await new TestClient({ server, store, ...target }, device).visit({ sessionId: '99' });
  const nonce = store.clients.nonce(device.id, 'server') ?? expect.fail('the client has handed one over');
  await waitLong();
  expect(verifyNotification(read(sent.at(-1)?.trigger), known, nonce)).toBe(true);
});

it('what is known not to have arrived is told, and goes again', async () => {
  let calls = 0;
  const sendTrigger = async () => {
    calls += 1;
    if (calls === 1) throw new PosternError('wire.trigger', { address: 'gateway', what: 'HTTP 403' });
  };
  const { server, clock, state } = await openSite({ sendTrigger });
  expect(await server.trigger(device.id)).toMatchObject({ state: 'waiting', problem: 'gateway did not take the trigger: HTTP 403.' });
  clock.advance(300_000);
  await new Promise((resolve) => setImmediate(resolve));
  expect(state()).toEqual({ sessionId: expect.any(String), state: 'waiting', sends: 2 });
});

it('a command can ask for the session that it needs; several ask once', async () => {
  const { server, sent } = await openSite();
  for (const uri of ['./A', './B']) await server.order(device.id, { command: 'Get', uri }, { trigger: true });
  await server.order(device.id, { command: 'Get', uri: './C' });
  expect(sent).toHaveLength(1);
});

it('whom no trigger can reach is refused before anything is queued', async () => {
  const nowhere = { ...device, id: 'urn:x:nowhere' };
  const { serverPassword, ...unproved } = { ...reachable, id: 'urn:x:unproved' };
  const { server } = await openSite({ clients: [nowhere, unproved] });
  for (const { id } of [nowhere, unproved]) {
    await expect(server.order(id, { command: 'Get', uri: './A' }, { trigger: true })).rejects.toMatchObject({ code: 'control.no-trigger' });
    await expect(server.trigger(id)).rejects.toMatchObject({ code: 'control.no-trigger' });
  }
  expect(server.clients()).toMatchObject([{ queued: 0 }, { queued: 0 }]);
});

it('nothing is sent once the client is forgotten, or the server stops', async () => {
  const { server, sent, clock, waitLong } = await openSite({ clients: [reachable, { ...reachable, id: 'urn:x:other' }] });
  for (const id of [device.id, 'urn:x:other']) await server.trigger(id);
  await server.removeClient(device.id);
  expect(clock.pending()).toEqual(['trigger-repeat']);
  await server.stop(0);
  await waitLong();
  expect(sent).toHaveLength(2);
  await expect(server.trigger('urn:x:other')).rejects.toMatchObject({ code: 'control.unavailable' });
});

it('it goes where it is reached from now on, and keeps the nonce', async () => {
  const { server, sent, store } = await openSite();
  store.clients.putNonce(device.id, 'server', 'bm9uY2U=');
  await server.trigger(device.id, { reach: 'mqtt:home/gateway' });
  expect(sent[0]?.to).toEqual({ by: 'mqtt', topic: 'postern/home/trigger/gateway' });
  expect(store.clients.nonce(device.id, 'server')).toBe('bm9uY2U=');
  server.declareConfigured([{ ...reachable, id: 'urn:x:configured' }]);
  await expect(server.trigger('urn:x:configured', { reach: 'mqtt:home/gateway' })).rejects.toMatchObject({ code: 'control.declared' });
});

it('where it goes outlives a restart', async () => {
  const directory = temporaryDirectory();
  const before = await openSite({ directory });
  await before.crash();
  expect((await openSite({ directory, clients: [] })).server.clients()).toMatchObject([{ id: device.id, reach }]);
});
