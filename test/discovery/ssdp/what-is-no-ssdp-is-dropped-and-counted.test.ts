import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { alive, answering, group, hostAt, message, search } from './ssdp-site.js';

const long = [`USER-AGENT: ${'x'.repeat(1_200)}`];
const man = 'MAN: "ssdp:discover"';

test.each([
  ['a bracket that opens a regular expression', search('(', long)],
  ['wildcards', search('urn:.*', long)],
  ['many wildcards', search(`${'*'.repeat(100)}x`, long)],
  ['a name of the prototype', search('__proto__', long)],
  ['another one', search('constructor', long)],
  ['a target that nobody has', search('urn:schemas-upnp-org:device:Basic:1', long)],
])('a search for %s gets no answer', async (_what, text) => {
  const { answers } = await afterwards([text]);
  expect(answers).toEqual([]);
});

test.each([
  ['a search without MAN', message('M-SEARCH * HTTP/1.1', [`HOST: ${group}`, 'MX: 1', 'ST: ssdp:all', ...long])],
  ['a search with another MAN', message('M-SEARCH * HTTP/1.1', ['MAN: ssdp:discover', 'MX: 1', 'ST: ssdp:all', ...long])],
  ['a search without MX', message('M-SEARCH * HTTP/1.1', [man, 'ST: ssdp:all', ...long])],
  ['a search with MX 0', message('M-SEARCH * HTTP/1.1', [man, 'MX: 0', 'ST: ssdp:all', ...long])],
  ['a search without ST', message('M-SEARCH * HTTP/1.1', [man, 'MX: 1', ...long])],
  ['a target that is too long', search('x'.repeat(129), long)],
  ['an answer in the group', message('HTTP/1.1 200 OK', ['ST: upnp:rootdevice'])],
  ['another request', message('GET / HTTP/1.1', [])],
  ['a root device without a location', alive('')],
  ['a root device without a UUID', alive('http://127.0.7.2/', { usn: 'uuid:lamp::upnp:rootdevice' })],
  ['nothing', ''],
])('%s is counted as malformed', async (_what, text) => {
  const { answers, malformed } = await afterwards([text]);
  expect([answers, malformed]).toEqual([[], 1]);
});

test('one that is too large is dropped', async () => {
  const site = await answering();
  const host = await hostAt('127.0.7.2', site.port);
  await host.say(search('ssdp:all', [`USER-AGENT: ${'x'.repeat(2_048)}`]));
  await site.arrived();
  site.clock.advance(1_000);
  await host.settled();
  expect([host.heard, site.ssdp.drops.of('too-large')]).toEqual([[], 1]);
});

test('noise does no harm', async () => {
  const heads = ['NOTIFY * HTTP/1.1\r\n', 'M-SEARCH * HTTP/1.1\r\n', 'HTTP/1.1 200 OK\r\n', 'NOTIFY * HTTP/1.1\r\nNTS: ssdp:alive\r\nUSN:'];
  const noise = Array.from({ length: 150 }, (_, at) => (heads[at % heads.length] ?? '') + randomBytes(at * 3).toString('latin1'));
  const { answers } = await afterwards(noise);
  expect(answers).toEqual([]);
  const { answers: still } = await afterwards([search('ssdp:all', long)]);
  expect(still).toHaveLength(1);
});

async function afterwards(texts: readonly string[]) {
  const site = await answering();
  const host = await hostAt('127.0.7.2', site.port);
  for (const text of texts) await host.say(text);
  await site.arrived();
  site.clock.advance(5_000);
  await host.settled();
  const ofTheSite = 1;
  return { answers: host.heard, malformed: site.ssdp.drops.of('malformed') - ofTheSite };
}
