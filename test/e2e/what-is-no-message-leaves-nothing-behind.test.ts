import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Knock, knock } from './knock.js';
import { PatientDevice } from './patient-device.js';
import { deviceId, Site } from './site.js';

const limit = 64 * 1024;
const get = '<Get><CmdID>9</CmdID><Item><Target><LocURI>./DevInfo</LocURI></Target></Item></Get>';
const attributes = Array.from({ length: 40 }, (_, at) => `xmlns:a${at}="urn:a${at}"`).join(' ');
let site: Site;
let trust: string;
/** A message that the gateway took. */
let good: string;
let before: unknown;

beforeAll(async () => {
  site = await Site.open({
    gateway: { limits: { messageBytes: '64KiB', messageDepth: 16, messageElements: 400, textLength: 20_000, maxMsgSize: '16KiB' } },
  });
  const added = await site.addDevice();
  trust = added.trust;
  const device = new PatientDevice(added);
  device.report('something to keep');
  await device.session();
  device.close();
  good = device.exchanges[0]?.sent.toString('utf8') ?? '';
  before = everything();
});
afterAll(() => site.close());

it.each<[string, number, () => Partial<Knock>]>([
  ['an empty body', 400, () => ({ body: '' })],
  ['no XML', 400, () => ({ body: 'SyncML, please' })],
  ['half a message', 400, () => ({ body: good.slice(0, good.length / 2) })],
  ['a message without its last byte', 400, () => ({ body: good.slice(0, -1) })],
  ['something after the message', 400, () => ({ body: `${good}<SyncML/>` })],
  ['an element of another world', 400, () => ({ body: good.replace('<SyncBody>', '<SyncBody><Script/>') })],
  ['an internal subset', 400, () => ({ body: good.replace('?>', '?><!DOCTYPE SyncML [<!ENTITY a "b">]>') })],
  [
    'an external subset of another place',
    400,
    () => ({ body: good.replace('?>', '?><!DOCTYPE SyncML SYSTEM "http://127.0.0.1:9/x.dtd" [<!ENTITY % a "b">]>') }),
  ],
  ['a reference to an entity', 400, () => ({ body: good.replace('>1201<', '>&a;<') })],
  ['a processing instruction', 400, () => ({ body: good.replace('<SyncBody>', '<?x y?><SyncBody>') })],
  ['more elements than its limit', 400, () => ({ body: good.replace('<SyncBody>', `<SyncBody>${get.repeat(100)}`) })],
  ['more attributes than their limit', 400, () => ({ body: good.replace('<SyncBody>', `<SyncBody ${attributes}>`) })],
  ['a text over its limit', 413, () => ({ body: good.replace('>1201<', `>${'1'.repeat(20_001)}<`) })],
  [
    'what is not UTF-8',
    400,
    () => ({ body: Buffer.concat([Buffer.from(good.slice(0, 200)), Buffer.from([0xff, 0xfe]), Buffer.from(good.slice(200))]) }),
  ],
  ['nesting without end', 400, () => ({ body: good.replace('<SyncBody>', `<SyncBody>${'<Sequence><CmdID>1</CmdID>'.repeat(40)}`) })],
  ['a body larger than its limit', 413, () => ({ body: good.replace('>1201<', `>${'1'.repeat(limit)}<`) })],
  ['the announcement of one', 413, () => ({ body: good, headers: { 'Content-Length': 10 * limit, Expect: '100-continue' } })],
  ['one that comes in chunks', 413, () => ({ body: 'x'.repeat(2 * limit), headers: { 'Transfer-Encoding': 'chunked' } })],
  ['another type', 415, () => ({ body: good, contentType: 'text/xml' })],
  ['another path', 404, () => ({ body: good, url: new URL('/other', site.gatewayUrl).href })],
  ['a session that never was, with a path of another form', 404, () => ({ body: good, url: `${site.gatewayUrl}/s/short` })],
  ['GET', 405, () => ({ method: 'GET' })],
  ['PUT', 405, () => ({ method: 'PUT', body: good })],
])('%s is answered with %i, and nothing of it is kept', async (_what, status, given) => {
  const answer = await knock({ url: site.gatewayUrl, trust, ...given() });
  expect(answer.status).toBe(status);
  expect(answer.headers.connection).toBe('close');
  expect(answer.body).toHaveLength(0);
  expect(await site.gatewayDoor.listSessions()).toEqual([]);
  expect(everything()).toEqual(before);
});

it('a well-formed message of nobody is challenged, and nothing of it is kept', async () => {
  const answer = await knock({ url: site.gatewayUrl, trust, body: good.replaceAll(deviceId, 'urn:imei:000000000000000') });
  expect(answer.status).toBe(200);
  expect(answer.body.toString('utf8')).toMatch(/<Chal>.*<Data>40[17]<\/Data>/);
  expect(everything()).toEqual(before);
});

it('afterwards the gateway works as before', async () => {
  expect(await site.gatewayDoor.health()).toMatchObject({ status: 'ok' });
  expect((await site.serverDoor.listAlerts({ client: deviceId })).map(({ data }) => data)).toEqual(['something to keep']);
});

/** Every row of every table. */
function everything(): unknown {
  return site.readDatabase((database) => {
    const tables = database.prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`).pluck().all() as string[];
    expect(tables).toContain('nonce');
    return Object.fromEntries(tables.map((table) => [table, database.prepare(`SELECT * FROM "${table}"`).all()]));
  });
}
