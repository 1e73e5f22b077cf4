import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Device, Site } from '../../e2e/site.js';
import { codes, manage, values } from '../management.js';

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
