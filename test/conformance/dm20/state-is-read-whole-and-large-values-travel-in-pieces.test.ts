import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CommandResult, SmallServerCommand } from '#src/control/index.js';
import { type Device, Site } from '../../e2e/site.js';
import { codes, ended, manage, values } from '../management.js';

/** What device and gateway can take in one message. */
const maxMsgSize = 4096;

let site: Site;
let device: Device;

beforeAll(async () => {
  const size = `${maxMsgSize / 1024}KiB`;
  site = await Site.open({ gateway: { limits: { maxMsgSize: size } } });
  device = await site.startDevice(await site.addDevice(), ['--max-msg-size', size]);
});
afterAll(() => site.close());

it('DM20:DM-HLF-004: one command brings a whole object, one a part of it, one its structure without values', async () => {
  const [whole, part, structure] = await manage(
    site,
    device,
    { command: 'Get', uri: './Vendor/Lamp?list=StructData' },
    { command: 'Get', uri: './Vendor/Lamp/Level' },
    { command: 'Get', uri: './Vendor/Lamp?list=Struct' },
  );
  const level = `./Vendor/Lamp/Level = ${await device.read('./Vendor/Lamp/Level')}`;
  expect(values(whole)).toEqual(expect.arrayContaining([level, './Vendor/Lamp/Name = Lamp', './Vendor/Lamp/On = false']));
  expect(values(part)).toEqual([level]);
  expect(values(structure)).toHaveLength(values(whole).length);
  expect(structure?.results.filter(({ data }) => data !== undefined && data !== '')).toEqual([]);
});

it('DM20:DM-HLF-004, DM20:DM-HLF-024: an object is read as one constructed value', async () => {
  const [result] = await manage(site, device, { command: 'Get', uri: './Vendor/Lamp?list=TNDS' });
  expect(codes(result)).toEqual([200]);
  expect(result?.results).toMatchObject([{ type: expect.stringContaining('application/vnd.syncml.dmtnds+'), format: 'xml' }]);
  const document = result?.results[0]?.data ?? '';
  for (const expected of ['Lamp', 'Level', 'Name', 'On', '<int', '<bool']) expect(document).toContain(expected);
});

it('DM20:DM-HLF-024: a constructed value becomes the nodes that it describes', async () => {
  const leaf = (name: string, value: string) =>
    `<Node><NodeName>${name}</NodeName><RTProperties><Format><chr/></Format><Type><MIME>text/plain</MIME></Type></RTProperties><Value>${value}</Value></Node>`;
  const node = `<Node><NodeName>Profile</NodeName><RTProperties><Format><node/></Format><Type><DDFName>urn:example:mo:profile:1.0</DDFName></Type></RTProperties>${leaf('Host', 'mail.example')}${leaf('User', 'anna')}</Node>`;
  const data = `<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD>${node}</MgmtTree>`;
  const [added] = await manage(site, device, {
    command: 'Add',
    uri: './Vendor/Profile',
    data,
    format: 'xml',
    type: 'application/vnd.syncml.dmtnds+xml',
  });
  expect(codes(added)).toEqual([200]);
  expect(await device.read('./Vendor/Profile/Host')).toBe('mail.example');
  expect(await device.read('./Vendor/Profile/User')).toBe('anna');
});

it('DM20:DM-HLF-022: values larger than any message go on from piece to piece within a session, in both directions', async () => {
  const large = 'x'.repeat(30_000);
  const before = site.printed.length;
  const [read, added] = await manage(
    site,
    device,
    { command: 'Get', uri: './Vendor/Log' },
    { command: 'Add', uri: './Vendor/Large', data: large, format: 'chr' },
  );
  expect(codes(added)).toEqual([200]);
  expect(await device.read('./Vendor/Large')).toBe(large);
  expect(read?.results[0]?.data).toBe(await device.read('./Vendor/Log'));
  expect(read?.results[0]?.data?.length).toBeGreaterThan(10 * maxMsgSize);
  const said = site.printed
    .slice(before)
    .flatMap((line) => (line.includes('"event":"said"') ? [JSON.parse(line) as { bytes: number }] : []));
  expect(said.length).toBeGreaterThan((30_000 + 10 * maxMsgSize) / maxMsgSize);
  expect(Math.max(...said.map(({ bytes }) => bytes))).toBeLessThanOrEqual(maxMsgSize);
});

it('DM20:DM-HLF-004: to a device that speaks WBXML the same question and its answer are a good part smaller', async () => {
  const command = { command: 'Get', uri: './Vendor/Lamp?list=StructData' } as const;
  const asXml = await recorded('urn:imei:490154203237526', 'xml', command);
  const asWbxml = await recorded('urn:imei:490154203237534', 'wbxml', command);
  expect(codes(asXml.result)).toEqual([200]);
  expect(values(asWbxml.result)).toEqual(values(asXml.result));
  expect(asXml.types).toEqual(['application/vnd.syncml.dm+xml']);
  expect(asWbxml.types).toEqual(['application/vnd.syncml.dm+wbxml']);
  expect(asWbxml.response).toBeLessThan(0.8 * asXml.response);
  expect(asWbxml.request).toBeLessThan(0.8 * asXml.request);
});

it('DM20:DM-HLF-024: a device that speaks WBXML takes a constructed value, and tells one in its own encoding', async () => {
  const leaf =
    '<Node><NodeName>Host</NodeName><RTProperties><Format><chr/></Format><Type><MIME>text/plain</MIME></Type></RTProperties><Value>mail.example</Value></Node>';
  const data = `<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD><Node><NodeName>Profile</NodeName><RTProperties><Format><node/></Format></RTProperties>${leaf}</Node></MgmtTree>`;
  const type = 'application/vnd.syncml.dmtnds+xml';
  const add = { command: 'Add', uri: './Vendor/Profile', data, format: 'xml', type } as const;
  const added = await recorded('urn:imei:490154203237542', 'wbxml', add);
  expect(codes(added.result)).toEqual([200]);
  expect(await added.device.read('./Vendor/Profile/Host')).toBe('mail.example');
  const read = await recorded('urn:imei:490154203237559', 'wbxml', { command: 'Get', uri: './Vendor/Lamp?list=TNDS' });
  expect(read.bodies.filter((body) => body.includes('application/vnd.syncml.dmtnds+wbxml'))).toHaveLength(1);
  expect(read.bodies.filter((body) => body.includes('<MgmtTree'))).toEqual([]);
  expect(read.result?.results).toMatchObject([{ type, format: 'xml' }]);
  expect(read.result?.results[0]?.data).toMatch(/^<MgmtTree.*Level.*<\/MgmtTree>$/s);
});

/** A device of its own, that speaks one encoding, and all that it said and heard in the session in which it got the command. */
async function recorded(id: string, encoding: 'xml' | 'wbxml', command: SmallServerCommand) {
  const folder = join(site.folder, id.slice(-6));
  const state = join(folder, 'state');
  mkdirSync(state, { recursive: true, mode: 0o700 });
  const more = ['--encoding', encoding, '--state', state, '--record', join(folder, 'messages')];
  const started = await site.startDevice(await site.addDevice({ id }), more, id);
  const first = messages(join(folder, 'messages')).length;
  const ids = await site.queue([command], id);
  await started.session();
  const [result]: CommandResult[] = await ended(site.serverDoor, ids);
  const all = messages(join(folder, 'messages')).slice(first);
  const bytes = (kind: string) => all.filter(({ file }) => file.includes(kind)).reduce((sum, { body }) => sum + body.length, 0);
  return {
    device: started,
    result,
    types: [...new Set(all.map(({ contentType }) => contentType))],
    bodies: all.map(({ body }) => body),
    request: bytes('request'),
    response: bytes('response'),
  };
}

function messages(folder: string) {
  return readdirSync(folder)
    .sort()
    .map((file) => {
      const [head = '', ...body] = readFileSync(join(folder, file), 'latin1').split('\r\n\r\n');
      return { file, body: body.join('\r\n\r\n'), contentType: /^content-type: *([^;\r\n]+)/im.exec(head)?.[1] };
    });
}
