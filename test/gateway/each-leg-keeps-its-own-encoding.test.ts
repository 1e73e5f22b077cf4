import { expect, test } from 'vitest';
import { defaultDecodeLimits, wbxmlCodec, xmlCodec } from '#src/dm/syncml/index.js';
import { declareDevice, openGateway } from './gateway-under-test.js';
import { FarDevice, FarServer } from './peers.js';

const tree =
  '<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD><Node><NodeName>A</NodeName><RTProperties><Format><chr/></Format></RTProperties><Value>1</Value></Node></MgmtTree>';
const tndsMeta = { Format: 'xml', Type: 'application/vnd.syncml.dmtnds+xml' };

test('a device that speaks WBXML is answered in WBXML, while its server speaks XML', async () => {
  const server = await FarServer.open({
    batches: [
      [
        { name: 'Add', CmdID: '1', Item: [{ Target: { LocURI: './Vendor' }, Meta: tndsMeta, Data: { markup: tree } }] },
        { name: 'Add', CmdID: '2', Item: [{ Target: { LocURI: './Bytes' }, Meta: { Format: 'bin' }, Data: 'AAH//g==' }] },
        { name: 'Get', CmdID: '3', Item: [{ Target: { LocURI: './Bytes' } }] },
      ],
    ],
  });
  const under = await openGateway();
  declareDevice(under, [server]);
  const device = new FarDevice(under.url, { encoding: 'wbxml' });
  expect((await device.session()).reason).toBe('complete');
  for (const { reply } of device.exchanges) expect(reply.contentType).toMatch(/^application\/vnd\.syncml\.dm\+wbxml/);
  for (const { sent } of device.exchanges) expect(wbxmlCodec.decode(sent, defaultDecodeLimits).SyncHdr.Source.LocURI).toBe(device.id);
  const items = device.executed.flatMap((command) => ('Item' in command ? (command.Item ?? []) : []));
  expect(items[0]).toMatchObject({ Meta: tndsMeta, Data: { markup: tree } });
  expect(items[1]).toMatchObject({ Meta: { Format: 'b64' }, Data: 'AAH//g==' });
  const results = server.replies.filter(({ name }) => name === 'Results');
  expect(results.at(-1)).toMatchObject({ Item: [{ Meta: { Format: 'b64' }, Data: 'AAH//g==' }] });
});

test('a server that answers in WBXML is understood, and spoken to in XML', async () => {
  const server = await FarServer.open({
    instead: ({ body }) => {
      const message = xmlCodec.decode(body, defaultDecodeLimits);
      const { MsgID, Source, Target, SessionID } = message.SyncHdr;
      const SyncHdr = { VerDTD: '1.2', VerProto: 'DM/1.2', SessionID, MsgID, Target: Source, Source: Target };
      const status = { name: 'Status', CmdID: '1', MsgRef: MsgID, CmdRef: '0', Cmd: 'SyncHdr', Data: '403' } as const;
      const answer = wbxmlCodec.encode({ SyncHdr, SyncBody: { commands: [status], Final: true } });
      heard.push(message.SyncHdr.Source.LocURI);
      return { status: 200, contentType: wbxmlCodec.contentType, body: answer };
    },
  });
  const heard: string[] = [];
  const under = await openGateway();
  declareDevice(under, [server]);
  const device = new FarDevice(under.url);
  await device.session();
  expect(heard).toEqual([device.id]);
  expect(JSON.stringify(under.log)).toContain('403');
});
