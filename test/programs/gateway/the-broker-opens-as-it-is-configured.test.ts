import { connectAsync } from 'mqtt';
import { expect, onTestFinished, test } from 'vitest';
import { LoginLimit, silentLog, systemClock } from '#src/base/index.js';
import { loadGatewayConfig } from '#src/config/index.js';
import { openEmbeddedBroker } from '../../../src/programs/gateway/doors/broker.js';
import { at, declare, lamp, passwordOf } from '../../broker/broker-under-test.js';
import { writtenFile } from '../../config/written-file.js';
import { until } from '../../gateway/peers.js';
import { openStore, temporaryDirectory } from '../../store/store-fixture.js';

async function open(lines: string) {
  const directory = temporaryDirectory();
  const store = openStore(directory, { clock: systemClock });
  declare(store, lamp);
  const seen: string[] = [];
  const sightings = { seen: ({ id }: { id: string }) => void seen.push(id), gone: () => {} };
  const config = loadGatewayConfig(writtenFile(lines), {});
  const logins = new LoginLimit(systemClock);
  const broker = await openEmbeddedBroker({ config, directory, store, logins, sightings, clock: systemClock, log: silentLog });
  onTestFinished(() => broker?.close(0));
  const connect = async () => {
    const options = { username: lamp, password: passwordOf(lamp), reconnectPeriod: 0 };
    const client = await connectAsync(broker?.url ?? expect.fail('there is one'), options, false);
    onTestFinished(() => void client.end(true));
    return client;
  };
  return { broker, store, seen, connect };
}

test('not at all without a port', async () => {
  expect((await open('broker: { tls: true }\n')).broker).toBeUndefined();
});

test('a port that is taken is told', async () => {
  const { broker } = await open('broker: { port: 0 }\n');
  const { port } = new URL(broker?.url ?? '');
  await expect(open(`broker: { port: ${port} }\n`)).rejects.toMatchObject({ code: 'wire.listen' });
});

test('a trigger reaches its device, and the device is seen', async () => {
  const { broker, seen, connect } = await open('broker: { port: 0 }\n');
  broker?.publisher.publish(lamp, 'trigger', Buffer.from('come'), { replace: true });
  const client = await connect();
  const heard = new Promise((resolve) => client.once('message', (topic, payload) => resolve(`${topic} ${payload}`)));
  await client.subscribeAsync(at(lamp, 'trigger'), { qos: 1 });
  expect(await heard).toBe(`${at(lamp, 'trigger')} come`);
  await until(() => seen.length > 0);
  expect(seen).toEqual([lamp]);
});

test('who is connected is counted, as postern_broker_connections', async () => {
  const { broker, connect } = await open('broker: { port: 0 }\n');
  expect(broker?.connections).toBe(0);
  const client = await connect();
  expect(broker?.connections).toBe(1);
  await client.endAsync();
  await until(() => broker?.connections === 0);
});

test('a device in quarantine is not let in', async () => {
  const { store, connect } = await open('broker: { port: 0 }\n');
  store.inventory.settlePresence(lamp, 'quarantined');
  await expect(connect()).rejects.toMatchObject({ code: 5 });
  store.inventory.settlePresence(lamp, 'known');
  await connect();
});
