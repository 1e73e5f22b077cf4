import { expect, test } from 'vitest';
import { readXml } from '#src/dm/syncml/index.js';
import { eventually } from '../../e2e/eventually.js';
import { answering, askedFrom, gatewayId, memberAt, ssdpSite } from './ssdp-site.js';

const udn = gatewayId.slice('urn:'.length);
const types = ['upnp:rootdevice', 'urn:schemas-openmobilealliance-org:device:DMGateway:1'];
const usns = [...types.map((type) => `${udn}::${type}`), udn];

/** A port whose group somebody listens to before the gateway comes. */
async function attended() {
  const { port } = await ssdpSite();
  return { port: port + 1, member: await memberAt('127.0.7.2', port + 1) };
}

function told(heard: readonly string[], what: string): string[] {
  return heard.filter((text) => text.includes(`NTS: ${what}\r\n`)).map((text) => /\r\nUSN: (\S+)\r\n/.exec(text)?.[1] ?? '');
}

test('DM10:6.3.1-19, SCH:6.3.1-19, DM10:6.3.1-15, SCH:6.3.1-15, CP:6.2-10: it announces itself at the start, and takes its leave at the end', async () => {
  const { port, member } = await attended();
  const { ssdp } = await answering({ port });
  await eventually('all announcements', () => told(member.heard, 'ssdp:alive')[2]);
  expect(told(member.heard, 'ssdp:alive')).toEqual(usns);
  const location = /LOCATION: (\S+)/.exec(member.heard.find((text) => text.startsWith('NOTIFY')) ?? '')?.[1] ?? '';
  expect(new URL(location).hostname).toBe('127.0.7.1');
  const alive = member.heard.filter((text) => text.includes('NTS: ssdp:alive'));
  // Thirty minutes, as the requirement suggests.
  for (const text of alive) expect(text).toMatch(/CACHE-CONTROL: max-age=1800\r\n/);
  await ssdp.close();
  await eventually('the goodbyes', () => told(member.heard, 'ssdp:byebye')[2]);
  expect(told(member.heard, 'ssdp:byebye')).toEqual(usns);
  await expect(askedFrom('127.0.7.2', location)).rejects.toThrow('ECONNREFUSED');
});

test('its description says where devices open their sessions', async () => {
  const { port, member } = await attended();
  await answering({ port });
  const notify = await eventually('an announcement', () => member.heard.find((text) => text.startsWith('NOTIFY')));
  const location = /LOCATION: (\S+)/.exec(notify)?.[1] ?? '';
  const answer = await askedFrom('127.0.7.2', location);
  expect(answer.type).toBe('text/xml; charset="utf-8"');
  const device = readXml(answer.text, { bytes: 4_096, depth: 8, elements: 64, attributes: 8, text: 512 }).children[1];
  expect(device?.children.map(({ name, text }) => [name, text])).toEqual([
    ['deviceType', types[1]],
    ['friendlyName', 'Home <1>'],
    ['manufacturer', 'Postern'],
    ['modelName', 'Postern'],
    ['UDN', udn],
    ['serverId', 'postern'],
    ['address', 'https://127.0.7.1:8443/dm'],
  ]);
  expect((await askedFrom('127.0.7.2', new URL('/', location).href)).status).toBe(404);
  expect((await askedFrom('127.0.7.2', location, 'POST')).status).toBe(405);
});

test('one that does not respond says nothing but its searches', async () => {
  const { port, member } = await attended();
  const { ssdp } = await ssdpSite({ port });
  await eventually('a search', () => member.heard[0]);
  await ssdp.close();
  await member.settled();
  expect(member.heard.filter((text) => !text.startsWith('M-SEARCH'))).toEqual([]);
});
