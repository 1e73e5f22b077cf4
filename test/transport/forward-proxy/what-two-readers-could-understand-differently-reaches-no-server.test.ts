import { expect, test } from 'vitest';
import { connectRaw, statusesOf } from '../raw-peer.js';
import { headOf, openUpstream, proxyUnderTest, shown } from './proxy-under-test.js';

/** `UP` stands for the server's host and port; every head shows good credentials unless it says otherwise. */
const at = 'http://UP/dm';
const host = 'Host: UP';

function post(fields: readonly string[] = [], body = 'hello', target = at): string {
  return headOf(`POST ${target} HTTP/1.1`, host, shown(), 'Content-Length: 5', ...fields) + body;
}

function chunked(rest: string, ...fields: string[]): string {
  return headOf(`POST ${at} HTTP/1.1`, host, shown(), 'Transfer-Encoding: chunked', ...fields) + rest;
}

function coded(coding: string): string {
  return `${headOf(`POST ${at} HTTP/1.1`, host, shown(), `Transfer-Encoding: ${coding}`)}0\r\n\r\n`;
}

function sized(length: string): string {
  return `${headOf(`POST ${at} HTTP/1.1`, host, shown(), `Content-Length: ${length}`)}hello`;
}

function connect(target: string, ...fields: string[]): string {
  return headOf(`CONNECT ${target} HTTP/1.1`, host, shown(), ...fields);
}

/** Name, bytes, and the status where the peer is owed a certain one. */
const cases: readonly (readonly [string, string, number?])[] = [
  // Two lengths
  ['Content-Length and Transfer-Encoding', chunked('0\r\n\r\n', 'Content-Length: 5'), 400],
  ['two equal Content-Lengths', post(['Content-Length: 5']), 400],
  ['two different Content-Lengths', post(['Content-Length: 6']), 400],
  ['a list of Content-Lengths', sized('5, 5'), 400],
  ['a signed Content-Length', sized('+5'), 400],
  ['a negative Content-Length', sized('-5'), 400],
  ['a hexadecimal Content-Length', sized('0x5'), 400],
  ['an empty Content-Length', sized(''), 400],
  ['a Content-Length past 64 bits', sized('18446744073709551617'), 400],
  ['no length at all', headOf(`POST ${at} HTTP/1.1`, host, shown()), 411],
  // Transfer codings
  ['chunked twice', coded('chunked, chunked')],
  ['chunked in two fields', chunked('0\r\n\r\n', 'Transfer-Encoding: chunked'), 400],
  ['a coding before chunked', coded('gzip, chunked'), 501],
  ['chunked before another coding', coded('chunked, identity')],
  ['identity', coded('identity')],
  ['a coding that looks like chunked', coded('xchunked')],
  ['a quoted coding', coded('"chunked"')],
  ['Transfer-Encoding in HTTP/1.0', `${headOf(`POST ${at} HTTP/1.0`, host, shown(), 'Transfer-Encoding: chunked')}0\r\n\r\n`, 400],
  // Chunks
  ['a chunk size that is no number', chunked('xyz\r\nhello\r\n0\r\n\r\n')],
  ['a chunk size past 64 bits', chunked('fffffffffffffffff\r\nhello\r\n0\r\n\r\n')],
  ['a negative chunk size', chunked('-5\r\nhello\r\n0\r\n\r\n')],
  ['a chunk longer than its size', chunked('3\r\nhello\r\n0\r\n\r\n')],
  ['a chunk size ended by a bare LF', chunked('5\nhello\r\n0\r\n\r\n')],
  ['a chunk extension without end', chunked(`5;${'x'.repeat(20_000)}\r\nhello\r\n0\r\n\r\n`)],
  // Fields
  ['a space before the colon', headOf(`POST ${at} HTTP/1.1`, host, shown(), 'Content-Length : 5'), 400],
  ['a tab before the colon', headOf(`POST ${at} HTTP/1.1`, host, shown(), 'Transfer-Encoding\t: chunked'), 400],
  ['a folded field', post(['X-Folded: a', ' Transfer-Encoding: chunked']), 400],
  ['bare LF as line end', `POST ${at} HTTP/1.1\n${host}\n${shown()}\nContent-Length: 5\n\nhello`, 400],
  ['bare CR within a field', post(['X-Field: a\rTransfer-Encoding: chunked']), 400],
  ['NUL within a field', post(['X-Field: a\0b']), 400],
  ['a field without a colon', post(['X-Field']), 400],
  ['a field without a name', post([': value']), 400],
  ['an underscore for a hyphen', post(['Transfer_Encoding: chunked']), 400],
  ['two Content-Types', post(['Content-Type: a/b', 'Content-Type: c/d']), 400],
  ['two Proxy-Authorizations', post([shown('other')]), 400],
  ['fields past 8 KiB', post([`X-Field: ${'x'.repeat(9_000)}`]), 431],
  ['a hundred fields', post(Array.from({ length: 100 }, () => 'a: b')), 431],
  // What Connection takes away
  ['Connection takes Content-Length away', post(['Connection: close, Content-Length']), 400],
  ['Connection takes Transfer-Encoding away', chunked('0\r\n\r\n', 'Connection: transfer-encoding'), 400],
  ['Connection takes Host away', post(['Connection: Host']), 400],
  ['Connection takes Authorization away', post(['Connection: authorization']), 400],
  // Host
  ['no Host', headOf(`POST ${at} HTTP/1.1`, shown(), 'Content-Length: 5'), 400],
  ['two Hosts', post(['Host: other.example']), 400],
  ['two equal Hosts', post([host]), 400],
  ['a Host that names another place', headOf(`GET ${at} HTTP/1.1`, 'Host: other.example', shown()), 400],
  ['a Host with another port', headOf(`GET ${at} HTTP/1.1`, 'Host: 127.0.0.1:1', shown()), 400],
  ['a Host without the port', headOf(`GET ${at} HTTP/1.1`, 'Host: 127.0.0.1', shown()), 400],
  ['a list of Hosts', headOf(`GET ${at} HTTP/1.1`, 'Host: UP, UP', shown()), 400],
  ['a Host with a user', headOf(`GET ${at} HTTP/1.1`, 'Host: a@UP', shown()), 400],
  // Targets
  ['origin form', post([], 'hello', '/dm'), 400],
  ['the asterisk', headOf('OPTIONS * HTTP/1.1', host, shown()), 400],
  ['https in absolute form', post([], 'hello', 'https://UP/dm'), 400],
  ['another scheme', post([], 'hello', 'ftp://UP/dm'), 400],
  ['a target with a user', post([], 'hello', 'http://user@UP/dm'), 400],
  ['a target with two hosts', post([], 'hello', 'http://other.example@UP/dm'), 400],
  ['a fragment', post([], 'hello', `${at}#part`), 400],
  ['a backslash', post([], 'hello', 'http://UP\\@other.example/dm'), 400],
  ['a space in the target', post([], 'hello', `${at} /other`), 400],
  ['an encoded host', post([], 'hello', 'http://%31%32%37.0.0.1/dm'), 400],
  ['an empty port', post([], 'hello', 'http://127.0.0.1:/dm'), 400],
  ['a port past 65535', post([], 'hello', 'http://127.0.0.1:65536/dm'), 400],
  ['port 0', post([], 'hello', 'http://127.0.0.1:0/dm'), 400],
  ['no host', post([], 'hello', 'http:///dm'), 400],
  ['a name with an underscore', post([], 'hello', 'http://a_b/dm'), 400],
  ['a byte past ASCII', post([], 'hello', 'http://UP/dm\xe4'), 400],
  // Versions and methods
  ['HTTP/0.9', `GET ${at}\r\n\r\n`],
  ['HTTP/2.0', headOf(`GET ${at} HTTP/2.0`, host, shown()), 400],
  ['HTTP/1.2', headOf(`GET ${at} HTTP/1.2`, host, shown()), 400],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['a lower-case method', headOf(`post ${at} HTTP/1.1`, host, shown(), 'Content-Length: 5'), 400],
  ['TRACE', headOf(`TRACE ${at} HTTP/1.1`, host, shown()), 405],
  ['GET with a body', `${headOf(`GET ${at} HTTP/1.1`, host, shown(), 'Content-Length: 5')}hello`, 400],
  ['HEAD with a body', `${headOf(`HEAD ${at} HTTP/1.1`, host, shown(), 'Transfer-Encoding: chunked')}0\r\n\r\n`, 400],
  ['an unknown expectation', post(['Expect: 200-ok']), 417],
  ['a TLS hello', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  // CONNECT
  ['CONNECT with Content-Length', `${connect('UP', 'Content-Length: 5')}hello`, 400],
  ['CONNECT with Transfer-Encoding', `${connect('UP', 'Transfer-Encoding: chunked')}0\r\n\r\n`, 400],
  ['CONNECT without a port', connect('127.0.0.1'), 400],
  ['CONNECT to a URL', connect('http://UP/'), 400],
  ['CONNECT to a path', connect('/dm'), 400],
  ['CONNECT with a user', connect('user@UP'), 400],
  ['CONNECT to two places', connect('UP,other.example:443'), 400],
  ['CONNECT with another Host', headOf('CONNECT UP HTTP/1.1', 'Host: other.example:443', shown()), 400],
  ['CONNECT with two Hosts', connect('UP', host), 400],
];

test('the table is long enough to mean something', () => expect(cases.length).toBeGreaterThanOrEqual(80));

const behind = (bytes: string) => `${bytes}${headOf(`GET ${at} HTTP/1.1`, host, shown())}`;
const all = cases.flatMap(([name, bytes, status]) => [
  [`${name}, alone`, bytes, status] as const,
  [`${name}, and a request behind it`, behind(bytes), status] as const,
]);

test.each(all)('%s', async (_name, bytes, status) => {
  const upstream = await openUpstream();
  const proxy = await proxyUnderTest();
  const peer = connectRaw(proxy.port);
  peer.write(Buffer.from(bytes.replaceAll('UP', `127.0.0.1:${upstream.port}`), 'latin1'));
  if (status === undefined) peer.socket.end();
  const statuses = statusesOf(await peer.closed);
  expect(statuses.length).toBeLessThanOrEqual(1);
  expect([400, 405, 411, 413, 417, 431, 501, undefined]).toContain(statuses[0]);
  if (status !== undefined) expect(statuses).toEqual([status]);
  expect(upstream.received.join('')).toBe('');
});
