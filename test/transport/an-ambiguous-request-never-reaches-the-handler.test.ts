import { expect, test } from 'vitest';
import { endpointUnderTest } from './endpoint-under-test.js';
import { connectRaw, postOf, statusesOf } from './raw-peer.js';
import { signalled } from './signalled.js';

const host = 'Host: gateway.example';

function head(...lines: string[]): string {
  return `${lines.join('\r\n')}\r\n\r\n`;
}

function chunked(rest: string, ...fields: string[]): string {
  return head('POST /dm HTTP/1.1', host, 'Transfer-Encoding: chunked', ...fields) + rest;
}

/** Name, bytes, and the status where the peer is owed a certain one. */
const cases: readonly (readonly [string, string, number?])[] = [
  // Two lengths
  ['Content-Length and Transfer-Encoding', chunked('0\r\n\r\n', 'Content-Length: 5'), 400],
  ['Transfer-Encoding and Content-Length', head('POST /dm HTTP/1.1', host, 'Content-Length: 4', 'Transfer-Encoding: chunked'), 400],
  ['two equal Content-Lengths', postOf('hello', ['Content-Length: 5']), 400],
  ['two different Content-Lengths', postOf('hello', ['Content-Length: 6']), 400],
  ['a list of Content-Lengths', head('POST /dm HTTP/1.1', host, 'Content-Length: 5, 5') + 'hello', 400],
  ['a signed Content-Length', head('POST /dm HTTP/1.1', host, 'Content-Length: +5') + 'hello', 400],
  ['a negative Content-Length', head('POST /dm HTTP/1.1', host, 'Content-Length: -5') + 'hello', 400],
  ['a hexadecimal Content-Length', head('POST /dm HTTP/1.1', host, 'Content-Length: 0x5') + 'hello', 400],
  ['an empty Content-Length', head('POST /dm HTTP/1.1', host, 'Content-Length:') + 'hello', 400],
  ['a Content-Length past 64 bits', head('POST /dm HTTP/1.1', host, 'Content-Length: 18446744073709551617') + 'h', 400],
  ['a Content-Length that does not fit a double', head('POST /dm HTTP/1.1', host, 'Content-Length: 9007199254740993') + 'h'],
  ['no length at all', head('POST /dm HTTP/1.1', host), 411],
  // Transfer codings
  ['chunked twice in one field', head('POST /dm HTTP/1.1', host, 'Transfer-Encoding: chunked, chunked') + '0\r\n\r\n'],
  ['chunked in two fields', chunked('0\r\n\r\n', 'Transfer-Encoding: chunked'), 400],
  ['a coding before chunked', head('POST /dm HTTP/1.1', host, 'Transfer-Encoding: gzip, chunked') + '0\r\n\r\n', 501],
  ['chunked before another coding', head('POST /dm HTTP/1.1', host, 'Transfer-Encoding: chunked, identity') + '0\r\n\r\n'],
  ['identity as transfer coding', head('POST /dm HTTP/1.1', host, 'Transfer-Encoding: identity') + '0\r\n\r\n'],
  ['a coding that looks like chunked', head('POST /dm HTTP/1.1', host, 'Transfer-Encoding: xchunked') + '0\r\n\r\n'],
  ['a quoted coding', head('POST /dm HTTP/1.1', host, 'Transfer-Encoding: "chunked"') + '0\r\n\r\n'],
  ['Transfer-Encoding in HTTP/1.0', head('POST /dm HTTP/1.0', host, 'Transfer-Encoding: chunked') + '0\r\n\r\n', 400],
  // Chunks
  ['a chunk size that is no number', chunked('xyz\r\nhello\r\n0\r\n\r\n'), 400],
  ['a chunk size past 64 bits', chunked('fffffffffffffffff\r\nhello\r\n0\r\n\r\n'), 400],
  ['a negative chunk size', chunked('-5\r\nhello\r\n0\r\n\r\n'), 400],
  ['a chunk longer than its size', chunked('3\r\nhello\r\n0\r\n\r\n'), 400],
  ['a chunk size ended by a bare LF', chunked('5\nhello\r\n0\r\n\r\n'), 400],
  ['a chunk ended by nothing', chunked('5\r\nhello0\r\n\r\n'), 400],
  ['a chunk extension without end', chunked(`5;${'x'.repeat(20_000)}\r\nhello\r\n0\r\n\r\n`), 413],
  // Field syntax
  ['a space before the colon', head('POST /dm HTTP/1.1', host, 'Content-Length : 5') + 'hello', 400],
  ['a tab before the colon', head('POST /dm HTTP/1.1', host, 'Transfer-Encoding\t: chunked') + '0\r\n\r\n', 400],
  ['a folded field', postOf('hello', ['X-Folded: a', ' Transfer-Encoding: chunked']), 400],
  ['a folded first field', head('POST /dm HTTP/1.1', ` ${host}`, 'Content-Length: 5') + 'hello', 400],
  ['bare LF as line end', `POST /dm HTTP/1.1\n${host}\nContent-Length: 5\n\nhello`, 400],
  ['bare CR within a field', postOf('hello', ['X-Field: a\rTransfer-Encoding: chunked']), 400],
  ['NUL within a field', postOf('hello', ['X-Field: a\0b']), 400],
  ['NUL within a name', postOf('hello', ['X-Fi\0eld: a']), 400],
  ['a field without a colon', postOf('hello', ['X-Field']), 400],
  ['a field without a name', postOf('hello', [': value']), 400],
  ['an underscore for a hyphen', postOf('hello', ['Transfer_Encoding: chunked']), 400],
  ['two Content-Types', postOf('hello', ['Content-Type: a/b', 'Content-Type: c/d']), 400],
  ['Connection takes a framing field away', postOf('hello', ['Connection: close, Content-Length']), 400],
  ['fields past 8 KiB', postOf('hello', [`X-Field: ${'x'.repeat(9_000)}`]), 431],
  [
    'a thousand fields',
    postOf(
      'hello',
      Array.from({ length: 1_000 }, () => 'a:'),
    ),
    431,
  ],
  // Host
  ['no Host', head('POST /dm HTTP/1.1', 'Content-Length: 5') + 'hello', 400],
  ['two Hosts', postOf('hello', ['Host: other.example']), 400],
  ['two equal Hosts', postOf('hello', [host]), 400],
  ['an empty Host', head('POST /dm HTTP/1.1', 'Host:', 'Content-Length: 5') + 'hello', 400],
  ['a list of Hosts', head('POST /dm HTTP/1.1', 'Host: a.example, b.example', 'Content-Length: 5') + 'hello', 400],
  ['a Host with a user', head('POST /dm HTTP/1.1', 'Host: a@b.example', 'Content-Length: 5') + 'hello', 400],
  ['a Host with a path', head('POST /dm HTTP/1.1', 'Host: a.example/dm', 'Content-Length: 5') + 'hello', 400],
  // Start line
  ['an absolute target', postOf('hello', [], 'http://gateway.example/dm'), 400],
  ['a target of two slashes', postOf('hello', [], '//gateway.example/dm'), 400],
  ['a target without a slash', postOf('hello', [], 'dm'), 400],
  ['the asterisk target', postOf('hello', [], '*'), 400],
  ['a fragment', postOf('hello', [], '/dm#part'), 400],
  ['a backslash', postOf('hello', [], '/dm\\..'), 400],
  ['a space in the target', postOf('hello', [], '/dm /other'), 400],
  ['a byte past ASCII in the target', postOf('hello', [], '/dm\xe4'), 400],
  ['an unknown path', postOf('hello', [], '/other'), 404],
  ['dot segments', postOf('hello', [], '/x/../dm'), 404],
  ['an encoded path', postOf('hello', [], '/%64m'), 404],
  ['HTTP/0.9', 'POST /dm\r\n\r\n'],
  ['HTTP/2.0', head('POST /dm HTTP/2.0', host, 'Content-Length: 5') + 'hello', 400],
  ['HTTP/1.2', head('POST /dm HTTP/1.2', host, 'Content-Length: 5') + 'hello', 400],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['another protocol in the version', head('POST /dm ICE/1.1', host, 'Content-Length: 5') + 'hello', 400],
  ['a lower-case method', head('post /dm HTTP/1.1', host, 'Content-Length: 5') + 'hello', 400],
  ['an unknown method', head('FETCH /dm HTTP/1.1', host, 'Content-Length: 5') + 'hello', 400],
  ['GET', head('GET /dm HTTP/1.1', host), 405],
  ['GET with a body', head('GET /dm HTTP/1.1', host, 'Content-Length: 5') + 'hello', 405],
  ['PUT', head('PUT /dm HTTP/1.1', host, 'Content-Length: 5') + 'hello', 405],
  ['CONNECT', head('CONNECT gateway.example:443 HTTP/1.1', host)],
  ['a TLS hello', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ['SIP', head('OPTIONS sip:a SIP/2.0')],
  // Bodies and expectations
  ['a compressed body', postOf('hello', ['Content-Encoding: gzip']), 415],
  ['two content codings', postOf('hello', ['Content-Encoding: identity, gzip']), 415],
  ['an unknown expectation', postOf('hello', ['Expect: 200-ok']), 417],
  ['an expectation among others', postOf('hello', ['Expect: foo, 100-continue']), 417],
  ['two expectations', postOf('hello', ['Expect: 100-continue', 'Expect: 100-continue']), 400],
  ['an unknown expectation in HTTP/1.0', head('POST /dm HTTP/1.0', host, 'Content-Length: 5', 'Expect: x') + 'hello', 417],
];

const smuggled = postOf('smuggled');

const alone = cases.map(([name, bytes, status]) => [`${name}, alone`, bytes, status] as const);
const followed = cases.map(([name, bytes, status]) => [`${name}, and a request behind it`, bytes + smuggled, status] as const);

test.each([...alone, ...followed])('%s', async (_name, bytes, status) => {
  const endpoint = await endpointUnderTest();
  const peer = connectRaw(endpoint.port);
  peer.write(Buffer.from(bytes, 'latin1'));
  const statuses = statusesOf(await peer.closed);
  expect(statuses.length).toBeLessThanOrEqual(1);
  expect([400, 404, 405, 411, 413, 415, 417, 431, 501, undefined]).toContain(statuses[0]);
  if (status !== undefined) expect(statuses).toEqual([status]);
  expect(endpoint.requests).toEqual([]);
});

test('405 names the method that is allowed', async () => {
  const endpoint = await endpointUnderTest();
  const peer = connectRaw(endpoint.port);
  peer.write(head('GET /dm HTTP/1.1', host));
  expect(await peer.closed).toContain('\r\nAllow: POST\r\n');
});

test('a request that waits behind a refused one in a later packet is not answered', async () => {
  const endpoint = await endpointUnderTest();
  const peer = connectRaw(endpoint.port);
  peer.socket.allowHalfOpen = true;
  peer.write(postOf('hello', [host]));
  await peer.until('400 ');
  peer.write(smuggled);
  peer.socket.end();
  expect(statusesOf(await peer.closed)).toEqual([400]);
  expect(endpoint.requests).toEqual([]);
});

test('a second request before the first is answered ends the connection', async () => {
  const endpoint = await endpointUnderTest();
  const peer = connectRaw(endpoint.port);
  peer.write(postOf('first') + smuggled);
  expect(statusesOf(await peer.closed)).toEqual([]);
  expect(endpoint.requests).toEqual([]);
});

test('bytes that are no request while one is being answered are never answered in its place', async () => {
  const handling = signalled();
  const endpoint = await endpointUnderTest({
    handler: async ({ signal }) => {
      handling.set();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return { status: 200 };
    },
  });
  const peer = connectRaw(endpoint.port);
  peer.write(postOf('first'));
  await handling.isSet;
  peer.write('\x00\x01 rubbish \r\n\r\n');
  expect(await peer.closed).toBe('');
});
