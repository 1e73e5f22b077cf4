import { expect, test } from 'vitest';
import type { Alert } from '#src/dm/syncml/index.js';
import type { Rights } from '#src/gateway/index.js';
import { exec, genericAlert } from './commands.js';
import { accountAt, declareDevice, deviceId, openGateway } from './gateway-under-test.js';
import { decode, FarDevice, FarServer } from './peers.js';

type Item = NonNullable<Alert['Item']>[number];

async function manage(rights: Record<string, Rights | undefined>) {
  const servers = await Promise.all(Object.keys(rights).map((serverId) => FarServer.open({ serverId })));
  const under = await openGateway();
  declareDevice(under);
  for (const server of servers) {
    const table = rights[server.serverId];
    under.store.accounts.declare(accountAt(server, deviceId, table === undefined ? {} : { rights: table }));
  }
  const device = new FarDevice(under.url);
  const heard = () => Object.fromEntries(servers.map(({ serverId, alerts }) => [serverId, alerts.length]));
  return { under, device, servers, heard };
}

const item = (source?: string): Item => ({
  ...(source === undefined ? {} : { Source: { LocURI: source } }),
  Meta: { Format: 'chr', Type: 'urn:example:at:battery:1.0' },
  Data: 'low',
});

const tables = {
  all: undefined,
  battery: { './Battery': ['Get'] },
  writer: { './Battery': ['Replace'], './Lamp': ['Exec'] },
  info: { './DevInfo': ['Get'] },
} as const;

test('an alert goes to those who may read what it is about', async () => {
  const { device, heard } = await manage(tables);
  await device.session([genericAlert('low', { Item: [item('./Battery/Level')] })]);
  expect(heard()).toEqual({ all: 1, battery: 1, writer: 0, info: 0 });
  expect(device.alertStatuses).toEqual([['alert-0', '200']]);
});

test('one about several nodes goes to those who may read them all', async () => {
  const { device, heard } = await manage(tables);
  await device.session([genericAlert('low', { Item: [item('./Battery'), item('./DevInfo/Man')] })]);
  expect(heard()).toEqual({ all: 1, battery: 0, writer: 0, info: 0 });
});

test('one that does not say what it is about goes to all who may read anything', async () => {
  const { device, heard } = await manage(tables);
  await device.session([genericAlert('low', { Item: [item()] })]);
  expect(heard()).toEqual({ all: 1, battery: 1, writer: 0, info: 1 });
});

test('one that nobody may read is refused for good', async () => {
  const { device, heard, under } = await manage({ info: tables.info, writer: tables.writer });
  await device.session([genericAlert('low', { Item: [item('./Battery')] })]);
  expect(device.alertStatuses).toEqual([['alert-0', '403']]);
  expect(heard()).toEqual({ info: 0, writer: 0 });
  expect(under.log.some(({ message }) => message.includes('no DM server to go to'))).toBe(true);
});

test('each hears it once, also when the device repeats it because our answer was lost', async () => {
  const { device, heard, under } = await manage({ all: undefined, battery: tables.battery });
  await device.session([genericAlert()]);
  const reported = device.exchanges.find(({ sent }) => Buffer.from(sent).includes('urn:example:at:battery'));
  await device.post(under.url, reported?.sent ?? new Uint8Array());
  await device.session();
  expect(heard()).toEqual({ all: 1, battery: 1 });
});

test('one server that does not take it does not make the others hear it again', async () => {
  const away = await FarServer.open({ serverId: 'away', instead: () => ({ status: 503 }) });
  const here = await FarServer.open({ serverId: 'here' });
  const under = await openGateway();
  declareDevice(under, [away, here]);
  const device = new FarDevice(under.url);
  await device.session([genericAlert()]);
  await device.session();
  expect(here.alerts).toHaveLength(1);
  expect(under.store.outbox.pending(deviceId, 'away')).toHaveLength(1);
  expect(under.store.outbox.pending(deviceId, 'here')).toEqual([]);
});

test('two servers that choose the same Correlator each get their own back, whatever they may read', async () => {
  const rights: Rights = { './Update': ['Exec'] };
  const first = await FarServer.open({ serverId: 'a', batches: [[exec('e', './Update', 'job-1')]] });
  const second = await FarServer.open({ serverId: 'b', batches: [[exec('e', './Update', 'job-1')]] });
  const under = await openGateway();
  declareDevice(under);
  for (const server of [first, second]) under.store.accounts.declare(accountAt(server, deviceId, { rights }));
  const device = new FarDevice(under.url, {
    instead: (commands) => commands.map(({ name, CmdID }) => ({ name: 'Status', CmdRef: CmdID, Cmd: name, Data: '202' })),
  });
  await device.session();
  const [ofFirst = '', ofSecond = ''] = device.executed.flatMap((command) => (command.name === 'Exec' ? [command.Correlator ?? ''] : []));
  expect(ofFirst).not.toBe(ofSecond);
  await device.session([genericAlert('second done', { Correlator: ofSecond })]);
  expect([first.alerts, second.alerts.map(({ Correlator }) => Correlator)]).toEqual([[], ['job-1']]);
  await device.session([genericAlert('first done', { Correlator: ofFirst })]);
  expect(first.alerts.map(({ Correlator, Item }) => [Correlator, Item?.[0]?.Data])).toEqual([['job-1', 'first done']]);
  expect(second.alerts).toHaveLength(1);
});

test('what comes up in the session is work for a server that had none, while the device is there', async () => {
  const asks = await FarServer.open({ serverId: 'a', batches: [[exec('e', './Battery')]] });
  const hears = await FarServer.open({ serverId: 'b' });
  const under = await openGateway();
  declareDevice(under);
  under.store.accounts.declare(accountAt(asks, deviceId, { rights: { '.': ['Exec'] } }));
  under.store.accounts.declare(accountAt(hears, deviceId, { polling: 'never' }));
  const device = new FarDevice(under.url, { late: [genericAlert('low')] });
  await device.session();
  expect([asks.alerts.length, hears.alerts.length]).toEqual([0, 1]);
  expect(decode(device.exchanges.at(-1)?.reply.body).SyncBody.Final).toBe(true);
});
