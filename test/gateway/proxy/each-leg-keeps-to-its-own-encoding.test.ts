import { expect, test } from 'vitest';
import { add, get, results, statuses } from '../commands.js';
import { accountAt, declareDevice, deviceId, openGateway } from '../gateway-under-test.js';
import { FarDevice, FarServer } from '../peers.js';

const text = 'Grüße & <Zeichen> 🚪 '.repeat(300);
const written = { xml: /^application\/vnd\.syncml\.dm\+xml/, wbxml: /^application\/vnd\.syncml\.dm\+wbxml/ };

test.each(['xml', 'wbxml'] as const)(
  'DM20:DM-HLF-004: a device that speaks %s, and two servers that are spoken to in both',
  async (encoding) => {
    const wide = await FarServer.open({ serverId: 'a', batches: [[add('a', './Text', text)], [get('g', './Text')]] });
    const narrow = await FarServer.open({ serverId: 'b', batches: [[get('g', './Text')]] });
    const under = await openGateway();
    declareDevice(under);
    under.store.accounts.declare(accountAt(wide, deviceId));
    under.store.accounts.declare(accountAt(narrow, deviceId, { encoding: 'wbxml' }));
    const device = new FarDevice(under.url, { encoding });
    expect(await device.session()).toMatchObject({ reason: 'complete' });
    expect(statuses(wide.replies)).toEqual(['a=200', 'g=200']);
    for (const server of [wide, narrow]) expect(results(server.replies)).toEqual([`./Text=${text}`]);
    for (const type of wide.contentTypes) expect(type).toMatch(written.xml);
    for (const type of narrow.contentTypes) expect(type).toMatch(written.wbxml);
    for (const { reply } of device.exchanges) expect(reply.contentType).toMatch(written[encoding]);
  },
);

test('a server may answer in the other encoding', async () => {
  const server = await FarServer.open({ batches: [[get('g', './DevInfo/Man')]], answersIn: 'xml' });
  const under = await openGateway();
  declareDevice(under);
  under.store.accounts.declare(accountAt(server, deviceId, { encoding: 'wbxml' }));
  expect(await new FarDevice(under.url).session()).toMatchObject({ reason: 'complete' });
  expect(results(server.replies)).toHaveLength(1);
  for (const type of server.contentTypes) expect(type).toMatch(written.wbxml);
});
