import { describe, expect, test } from 'vitest';
import type { ServerCommand } from '#src/dm/syncml/index.js';
import { get, results } from '../commands.js';
import { declareDevice, openGateway } from '../gateway-under-test.js';
import { contentType, elapse, FarDevice, FarServer, type ServerScript } from '../peers.js';

const rubbish: [string, ServerScript][] = [
  ['answers 500', { instead: () => ({ status: 500 }) }],
  ['answers 500 with commands', { httpStatus: 500, batches: [[get('g', './DevInfo/Man')]] }],
  ['answers rubbish', { instead: () => ({ status: 200, contentType, body: Buffer.from('<SyncML><Sync') }) }],
  ['answers with nothing', { instead: () => ({ status: 200, contentType, body: new Uint8Array() }) }],
  ['answers with another content type', { instead: () => ({ status: 200, contentType: 'text/html', body: Buffer.from('<html/>') }) }],
  ['redirects', { instead: () => ({ status: 302, headers: { Location: 'http://192.0.2.1/' } }) }],
];

/** What a device executes besides the gateway's own question for its firmware. */
function askedByServers(device: FarDevice): string[] {
  const uri = (command: ServerCommand) => ('Item' in command ? (command.Item?.[0]?.Target?.LocURI ?? '') : '');
  return device.executed.map(uri).filter((asked) => asked !== './DevDetail/FwV');
}

describe('the device gets a well-formed end in the same exchange from a server that', () => {
  test.each(rubbish)('%s', async (_name, script) => {
    const server = await FarServer.open(script);
    const under = await openGateway();
    declareDevice(under, [server]);
    const device = new FarDevice(under.url);
    expect(await device.session()).toEqual({ kind: 'end', reason: 'complete' });
    expect(askedByServers(device)).toEqual([]);
    expect(under.gateway.sessions()).toEqual([]);
    expect(device.received.at(-1)?.SyncBody.Final).toBe(true);
  });

  test('is down', async () => {
    const server = await FarServer.open();
    await server.close();
    const under = await openGateway();
    declareDevice(under, [server]);
    expect(await new FarDevice(under.url).session()).toMatchObject({ reason: 'complete' });
  });

  test('gives no answer in time', async () => {
    const server = await FarServer.open({
      instead: ({ signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve({ status: 500 }))),
    });
    const under = await openGateway();
    declareDevice(under, [server]);
    const session = new FarDevice(under.url).session();
    await elapse(under.clock, 'http exchange', under.settings.answerTimeout);
    expect(await session).toMatchObject({ reason: 'complete' });
  });

  test('leads to another host by its RespURI', async () => {
    const elsewhere = await FarServer.open();
    const server = await FarServer.open({ batches: [[get('g', './DevInfo/Man')]], respUri: () => elsewhere.url });
    const under = await openGateway();
    declareDevice(under, [server]);
    expect(await new FarDevice(under.url).session()).toMatchObject({ reason: 'complete' });
    expect(elsewhere.requests).toBe(0);
    expect(under.log.some(({ fields }) => String(fields['detail']).includes('north.respUriHosts'))).toBe(true);
  });

  test('goes away in the middle of its commands', async () => {
    let asked = 0;
    const server = await FarServer.open({
      batches: [[get('g', './DevInfo/Man')]],
      instead: () => (asked++ === 1 ? { status: 503 } : undefined),
    });
    const under = await openGateway();
    declareDevice(under, [server]);
    expect(await new FarDevice(under.url).session()).toMatchObject({ reason: 'complete' });
  });
});

test('a RespURI is followed to a path of the same host, and to a host that is allowed', async () => {
  const elsewhere = await FarServer.open();
  const server = await FarServer.open({ batches: [[get('g', './DevInfo/Man')]], respUri: (url) => `${url}/session/1` });
  const under = await openGateway();
  declareDevice(under, [server]);
  await new FarDevice(under.url).session();
  expect(results(server.replies)).toEqual(['./DevInfo/Man=Acme']);

  const leads = await FarServer.open({ batches: [[get('g', './DevInfo/Man')]], respUri: () => elsewhere.url });
  const allows = await openGateway({ settings: { respUriHosts: ['127.0.0.1'] } });
  declareDevice(allows, [leads]);
  await new FarDevice(allows.url).session();
  expect(elsewhere.requests).toBeGreaterThan(0);
});

test('credentials do not leave over plain http without leave', async () => {
  const server = await FarServer.open();
  const under = await openGateway();
  declareDevice(under, [server]);
  const account = under.store.accounts.get('urn:imei:490154203237518', 'operator');
  if (account !== undefined) under.store.accounts.declare({ ...account, allowPlainHttp: false });
  expect(await new FarDevice(under.url).session()).toMatchObject({ reason: 'complete' });
  expect(server.requests).toBe(0);
});
