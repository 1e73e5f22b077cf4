import { createSocket } from 'node:dgram';
import { expect, onTestFinished, test } from 'vitest';
import { silentLog, systemClock, systemEntropy } from '#src/base/index.js';
import { loadGatewayConfig } from '#src/config/index.js';
import { wrapPush } from '#src/dm/notification/index.js';
import { gatewayOwner } from '#src/gateway/index.js';
import { clientTlsOptions, openLocalCa } from '#src/security/index.js';
import { createDmClient } from '#src/transport/index.js';
import { openDeviceWires } from '../../../src/programs/gateway/device-wires.js';
import { openTriggerCarriers } from '../../../src/programs/gateway/doors/trigger-carriers.js';
import { writtenFile } from '../../config/written-file.js';
import { declareDevice, deviceId } from '../../gateway/gateway-under-test.js';
import { until } from '../../gateway/peers.js';
import { openings, openSite } from '../../gateway/triggers/trigger-site.js';
import { openTinyBroker } from '../../transport/triggers/tiny-broker.js';

async function openCarriers(lines: string) {
  const site = await openSite();
  declareDevice(site.under, [site.server], { polling: 'never' });
  const { gateway, directory } = site.under;
  const ca = await openLocalCa({ directory, clock: systemClock });
  const config = loadGatewayConfig(writtenFile(`gateway:\n  name: at home\ntriggers:\n${lines}`), {});
  const common = { directory, gateway, devId: 'urn:uuid:1', trust: [], clock: systemClock, entropy: systemEntropy, log: silentLog };
  const carriers = await openTriggerCarriers({ config, ...common });
  onTestFinished(() => carriers.close(0));
  const answered = () => until(() => openings(site.server).length > 0 && gateway.triggers.list().length === 0);
  return { ...site, carriers, ca: ca.certificate, answered };
}

test('https', async () => {
  const { server, trigger, carriers, ca, answered } = await openCarriers('  https: { port: 0 }\n');
  const clients = createDmClient({ tls: clientTlsOptions({ trust: [ca] }), log: silentLog, maxResponseBytes: 1_000 });
  onTestFinished(() => clients.close());
  const post = (body: Uint8Array) =>
    clients.session().post({
      url: `${carriers.addresses[0]}gateway`,
      contentType: 'application/vnd.syncml.notification',
      accept: '*/*',
      body,
      timeout: 10_000,
    });
  expect((await post(trigger('1', gatewayOwner, { password: 'guessed' }))).status).toBe(403);
  expect((await post(trigger('A1B'))).status).toBe(202);
  await answered();
  expect(openings(server)[0]).toBe('1200 A1B');
});

test('a datagram, framed, on the port of its target', async () => {
  const { under, server, trigger, carriers, answered } = await openCarriers(
    `  udp: { port: 0, devices: [{ id: '${deviceId}', port: 0 }] }\n`,
  );
  const sender = createSocket('udp4');
  onTestFinished(() => new Promise<void>((resolve) => sender.close(() => resolve())));
  const [own, ofDevice] = carriers.addresses.map((address) => Number(new URL(address).port));
  sender.send(trigger('BEE', deviceId), ofDevice ?? 0, '127.0.0.1');
  await until(() => under.gateway.triggers.list().length === 1);
  expect(under.gateway.triggers.list()).toMatchObject([{ owner: deviceId, carrier: 'udp', sessionId: 'BEE' }]);
  under.store.triggers.drop(under.gateway.triggers.list()[0] ?? expect.fail('it is pending'));
  sender.send(wrapPush(trigger('A1B'), 3), own ?? 0, '127.0.0.1');
  await answered();
  expect(openings(server)[0]).toBe('1200 A1B');
});

test('our own connection to an MQTT broker', async () => {
  const broker = await openTinyBroker();
  const { under, server, trigger, answered } = await openCarriers(`  mqtt: { url: '${broker.url}', allowPlain: true }\n`);
  await until(() => broker.received.some(({ type }) => type === 8));
  broker.publish('postern/at%20home/trigger/gateway', trigger('A1B'));
  await answered();
  expect(openings(server)[0]).toBe('1200 A1B');
  broker.publish(`postern/at%20home/trigger/${encodeURIComponent(deviceId)}`, trigger('BEE', deviceId));
  broker.publish('postern/at%20home/trigger/%', Buffer.from('nobody'));
  await until(() => broker.acknowledged().length === 3);
  expect(under.gateway.triggers.list()).toMatchObject([{ owner: deviceId, carrier: 'mqtt' }]);
});

test('nothing is listened to unless it is configured', async () => {
  const { carriers } = await openCarriers('  {}\n');
  expect(carriers.addresses).toEqual([]);
});

test('one that cannot listen leaves none open', async () => {
  const taken = createSocket('udp4');
  onTestFinished(() => new Promise<void>((resolve) => taken.close(() => resolve())));
  await new Promise<void>((resolve) => taken.bind(0, '127.0.0.1', () => resolve()));
  await expect(openCarriers(`  udp: { port: ${taken.address().port} }\n`)).rejects.toMatchObject({ code: 'wire.listen' });
});

test('a device that is to be told gets a datagram', async () => {
  const device = createSocket('udp4');
  onTestFinished(() => new Promise<void>((resolve) => device.close(() => resolve())));
  await new Promise<void>((resolve) => device.bind(0, '127.0.0.1', () => resolve()));
  const heard = new Promise<string>((resolve) => device.once('message', (bytes) => resolve(bytes.toString())));
  const { port } = device.address();
  const wires = openDeviceWires(silentLog);
  onTestFinished(() => wires.close());
  wires.send?.('127.0.0.1', port, Buffer.from('trigger'));
  expect(await heard).toBe('trigger');
});
