import { networkInterfaces } from 'node:os';
import { expect, it, onTestFinished } from 'vitest';
import { newClient } from '#src/dm/client/index.js';
import { newServer } from '#src/dm/server/index.js';
import { peerAuth } from '#src/dm/session/index.js';
import { type ServerCommand, type SyncMLMessage, xmlCodec } from '#src/dm/syncml/index.js';
import { converse } from '../../dm/session/two-machines.js';
import { Site } from '../../e2e/site.js';
import { codes, manage, values } from '../management.js';

it('DM20:DM-HLF-001: a whole session is held where there is no network at all: its messages are handed over as bytes', () => {
  const offer = { maxMsgSize: 8_000, maxObjSize: 8_000 };
  const encode = (message: SyncMLMessage) => xmlCodec.encode(message);
  const common = { offer, encode };
  const noProof = peerAuth(undefined, undefined);
  const replace: ServerCommand = { name: 'Replace', CmdID: 'r', Item: [{ Target: { LocURI: './Level' }, Data: '7' }] };
  const log = converse({
    client: newClient({ ...common, sessionId: '1', own: { uri: 'urn:x:device' }, server: { uri: 'urn:x:server' }, serverAuth: noProof }),
    server: newServer({ ...common, own: { uri: 'urn:x:server', name: 'operator' }, clientAuth: noProof }),
    open: { kind: 'open', code: '1201', devInfo: [], alerts: [] },
    batches: [[replace]],
    execute: ([command]) => [{ name: 'Status', CmdRef: command?.CmdID ?? '', Cmd: 'Replace', Data: '200' }],
    messageLimit: 10,
  });
  expect(log.executed.map(({ name }) => name)).toEqual(['Replace']);
  expect(log.heard).toMatchObject([[{ CmdRef: 'r', Data: '200' }]]);
  expect(log.ends).toEqual({ client: 'complete', server: 'complete' });
});

const addresses = Object.values(networkInterfaces()).flatMap((all) => all?.map(({ address }) => address) ?? []);
const families = ['127.0.0.1', '::1'].filter((address) => addresses.includes(address));

it.each(families)('DM20:DM-HLF-001: the same management works where the network is %s', async (listen) => {
  const site = await Site.open({ gateway: { south: { port: 0, listen } } });
  onTestFinished(() => site.close());
  const device = await site.startDevice(await site.addDevice());
  const [replaced, read] = await manage(
    site,
    device,
    { command: 'Replace', uri: './Vendor/Lamp/Level', data: '5', format: 'int' },
    { command: 'Get', uri: './Vendor/Lamp/Level' },
  );
  expect(codes(replaced)).toEqual([200]);
  expect(values(read)).toEqual(['./Vendor/Lamp/Level = 5']);
  expect((await site.gatewayDoor.listDevices({}))[0]?.address).toBe(listen);
});
