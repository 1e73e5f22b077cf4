import { expect, test } from 'vitest';
import { get, replace, results, statuses } from './commands.js';
import { declareDevice, declareOwnAccount, deviceId, gatewayDevId, openGateway } from './gateway-under-test.js';
import { FarDevice, FarServer, until } from './peers.js';

const record = `./GwInventory/Records/${deviceId}`;

test('a server reads who the gateway is, its own account, and the records of its devices', async () => {
  const batch = [
    get('who', './DevInfo/DevId'),
    get('version', './DevDetail/SwV'),
    get('records', './GwInventory/Records'),
    get('mode', `${record}/Mode`),
    get('model', `${record}/Mod`),
    get('address', `${record}/Address`),
    get('epoch', `${record}/AssociationEpoch`),
    get('account', './DMAcc'),
    get('secret', './DMAcc?list=TNDS'),
    replace('write', './DMAcc/operator/Name', 'mine'),
  ];
  const server = await FarServer.open({ batches: [batch] });
  const under = await openGateway();
  declareDevice(under, [server], { polling: 'never' });
  declareDevice(under, [], { id: 'urn:imei:2' });
  declareOwnAccount(under, server);
  await new FarDevice(under.url, { id: 'urn:imei:2' }).session();
  await new FarDevice(under.url).session();
  await until(() => server.ends.length === 1);
  expect(statuses(server.replies)).toEqual(
    ['who', 'version', 'records', 'mode', 'model', 'address', 'epoch', 'account', 'secret'].map((id) => `${id}=200`).concat('write=425'),
  );
  expect(results(server.replies).slice(0, 8)).toEqual([
    `./DevInfo/DevId=${gatewayDevId}`,
    './DevDetail/SwV=0.1.0',
    `./GwInventory/Records=${deviceId}`,
    `${record}/Mode=2`,
    `${record}/Mod=Lamp`,
    `${record}/Address=127.0.0.1`,
    `${record}/AssociationEpoch=1`,
    './DMAcc=operator',
  ]);
  expect(JSON.stringify(server.replies)).not.toContain('north-password');
});

test.each([
  ['all', `./GwInventory/Records=${deviceId}`, 'g=200'],
  ['own-devices', './GwInventory/Records=', 'g=404'],
  ['none', './GwInventory/Records=', 'g=404'],
] as const)('policy %s', async (correlation, records, status) => {
  const server = await FarServer.open({ batches: [[get('r', './GwInventory/Records'), get('g', `${record}/Mode`)]] });
  const under = await openGateway();
  declareDevice(under);
  declareOwnAccount(under, server, { correlation });
  await new FarDevice(under.url).session();
  const account = under.store.accounts.get('gateway', 'operator');
  if (account !== undefined && correlation !== 'all') await under.gateway.tryAccount(account);
  await until(() => server.ends.length === 1);
  expect(results(server.replies)[0]).toBe(records);
  expect(statuses(server.replies)).toContain(status);
});

const asked = [
  './DevDetail/OEM',
  './DevDetail/HwV',
  './DevDetail/FwV',
  './DevDetail/SwV',
  './Hardware/Memory',
  './Hardware/Interfaces/1/MAC',
];

test.each([
  [
    'as far as it is known',
    {
      manufacturer: 'Maker',
      model: 'Box 2',
      system: 'OpenWrt 24.10',
      memory: 256,
      disks: [],
      interfaces: [{ name: 'lan', mac: '02:00:00:00:00:01' }],
    },
    ['Maker', 'Box 2', 'OpenWrt 24.10', '0.1.0', '256', '02:00:00:00:00:01'],
  ],
  ['before it is known', undefined, ['Postern', process.arch, '0.1.0', '0.1.0']],
])("the gateway's own hardware, %s", async (_, hardware, values) => {
  const server = await FarServer.open({ batches: [asked.map((uri) => get(uri, uri))] });
  const under = await openGateway(hardware === undefined ? {} : { hardware });
  declareOwnAccount(under, server);
  const account = under.store.accounts.get('gateway', 'operator');
  if (account !== undefined) await under.gateway.tryAccount(account);
  expect(results(server.replies)).toEqual(values.map((value, at) => `${asked[at]}=${value}`));
  expect(statuses(server.replies).filter((status) => status.endsWith('=404'))).toHaveLength(asked.length - values.length);
});

test('only to a server that may read it', async () => {
  const server = await FarServer.open({ batches: [[get('h', './Hardware/Memory'), get('d', './DevDetail/SwV')]] });
  const under = await openGateway({ hardware: { memory: 256, disks: [], interfaces: [] } });
  declareOwnAccount(under, server, { rights: { './DevDetail': ['Get'] } });
  const account = under.store.accounts.get('gateway', 'operator');
  if (account !== undefined) await under.gateway.tryAccount(account);
  expect(statuses(server.replies)).toEqual(['h=425', 'd=200']);
});
