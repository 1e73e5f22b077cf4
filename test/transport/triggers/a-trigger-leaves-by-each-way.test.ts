import { createSocket } from 'node:dgram';
import { expect, onTestFinished, test } from 'vitest';
import { ManualClock, silentLog, systemClock, systemEntropy } from '#src/base/index.js';
import { parseTriggerAddress } from '#src/config/index.js';
import { wrapPush } from '#src/dm/notification/index.js';
import { clientTlsOptions, openLocalCa, serverTlsOptions } from '#src/security/index.js';
import { createTriggerSender, type TriggerSenderOptions } from '#src/transport/index.js';
import { temporaryDirectory } from '../../security/temporary-directory.js';
import { codeOf } from '../client-under-test.js';
import { endpointUnderTest } from '../endpoint-under-test.js';
import { openTinyBroker } from './tiny-broker.js';

const trigger = Buffer.from('a trigger');

/** Sends one to an address as a person writes it. */
function send(address: string, options: Partial<TriggerSenderOptions> = {}): Promise<void> {
  const to = parseTriggerAddress(address) ?? expect.fail(`${address} is an address`);
  return createTriggerSender({ tls: {}, clock: systemClock, entropy: systemEntropy, log: silentLog, ...options })(to, trigger);
}

async function openGate(status: number) {
  const ca = await openLocalCa({ directory: temporaryDirectory(), clock: systemClock });
  const credentials = await ca.issue({ names: [], addresses: ['127.0.0.1'], usage: 'server', days: 10 });
  const { port, requests } = await endpointUnderTest({
    tls: serverTlsOptions({ credentials }),
    accepts: () => true,
    handler: async () => ({ status }),
  });
  return {
    requests,
    address: `https://127.0.0.1:${port}/trigger/gateway`,
    tls: clientTlsOptions({ trust: [ca.certificate], systemRoots: false }),
  };
}

test('HTTPS, where the authority of the gateway is trusted', async () => {
  const { address, tls, requests } = await openGate(202);
  await send(address, { tls });
  expect(requests.map(({ path, contentType, body }) => [path, contentType, Buffer.from(body).toString()])).toEqual([
    ['/trigger/gateway', 'application/vnd.syncml.notification', 'a trigger'],
  ]);
  expect(await codeOf(send(address))).toBe('wire.tls');
  expect(requests).toHaveLength(1);
});

test('HTTPS, and what the gateway refuses is told', async () => {
  const { address, tls } = await openGate(403);
  await expect(send(address, { tls })).rejects.toMatchObject({ code: 'wire.trigger', message: expect.stringContaining('the nonce') });
});

test('UDP, bare and as a WSP push', async () => {
  const heard: Buffer[] = [];
  const gateway = createSocket('udp4', (bytes) => heard.push(bytes));
  onTestFinished(() => new Promise<void>((resolve) => gateway.close(() => resolve())));
  await new Promise<void>((resolve) => gateway.bind(0, '127.0.0.1', () => resolve()));
  const place = `127.0.0.1:${gateway.address().port}`;
  await send(`udp://${place}`);
  await send(`wsp://${place}`, { entropy: { ...systemEntropy, below: () => 7 } });
  while (heard.length < 2) await new Promise((resolve) => setImmediate(resolve));
  expect(heard).toEqual([trigger, wrapPush(trigger, 7)]);
});

test('MQTT, with QoS 1 to the topic of the target', async () => {
  const broker = await openTinyBroker();
  await send('mqtt:at home/urn:imei:1', { broker: { url: broker.url, userName: 'operator', password: 'secret' } });
  const connect = broker.received[0]?.body.toString('latin1') ?? '';
  expect([connect.includes('operator'), connect.includes('secret')]).toEqual([true, true]);
  const published = broker.received.find(({ type }) => type === 3)?.body ?? Buffer.alloc(0);
  const topic = 'postern/at%20home/trigger/urn%3Aimei%3A1';
  expect(published.toString('latin1', 2, 2 + topic.length)).toBe(topic);
  expect(published.toString('latin1', 2 + topic.length + 2)).toBe('a trigger');
});

test('MQTT, and a broker that is not there, refuses us or says nothing is told', async () => {
  expect(await codeOf(send('mqtt:home/gateway'))).toBe('wire.trigger');
  expect(await codeOf(send('mqtt:home/gateway', { broker: { url: 'mqtt://127.0.0.1:1' } }))).toBe('wire.refused');
  const refusing = await openTinyBroker(5);
  expect(await codeOf(send('mqtt:home/gateway', { broker: { url: refusing.url } }))).toBe('wire.refused');
  const clock = new ManualClock();
  const silent = await openTinyBroker(0, { deaf: true });
  const sent = codeOf(send('mqtt:home/gateway', { broker: { url: silent.url }, clock }));
  while (!clock.pending().includes('mqtt-publish')) await new Promise((resolve) => setImmediate(resolve));
  clock.advance(10_000);
  expect(await sent).toBe('wire.timeout');
});
