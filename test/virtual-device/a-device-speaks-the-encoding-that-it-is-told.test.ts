import { expect, test } from 'vitest';
import { defaultDecodeLimits, wbxmlCodec } from '#src/dm/syncml/index.js';
import { deviceFor } from './device.js';
import { ask, DmServer } from './dm-server.js';

test('a device with --encoding wbxml is managed in WBXML from the first message to the last', async () => {
  const server = await DmServer.start();
  server.asks.push([ask('Replace', './Vendor/Lamp/Name', 'Küche <1>', 'chr'), ask('Get', './Vendor/Lamp/Name')], [ask('Get', './DevInfo')]);
  const { device } = deviceFor({ url: server.url, encoding: 'wbxml' });
  expect((await device.runSession()).result).toBe('complete');
  expect(server.results()).toEqual(['Küche <1>', 'DevId/Man/Mod/DmV/Lang']);
  expect(server.bodies.length).toBeGreaterThan(2);
  for (const body of server.bodies) expect(wbxmlCodec.decode(body, defaultDecodeLimits).SyncHdr.VerDTD).toBe('1.2');
});

test('a serialised tree comes back in WBXML', async () => {
  const server = await DmServer.start();
  server.asks.push([ask('Get', './Vendor/Lamp?list=TNDS')]);
  const { device } = deviceFor({ url: server.url, encoding: 'wbxml' });
  await device.runSession();
  expect(server.results()).toEqual([{ markup: expect.stringMatching(/^<MgmtTree xmlns="syncml:dmddf1\.2"><VerDTD>1\.2<\/VerDTD><Node>/) }]);
});
