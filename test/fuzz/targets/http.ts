import { readProxyTarget } from '#src/transport/forward-proxy/proxy-target.js';
import { type Fields, valuesOf } from '#src/transport/http/http-message.js';
import { inspectHead, inspectPoll, pathOf, type RequestHead } from '#src/transport/http/request-head.js';
import { type Grammar, matchesIn } from '../grammar.js';
import { hold } from '../oracle.js';
import type { FuzzTarget } from '../target.js';

const bodyBytes = 10_000;
const post = 'POST /dm?a=b HTTP/1.1\r\nHost: gateway.example:8443\r\nContent-Type: application/vnd.syncml.dm+xml\r\nContent-Length: 4\r\n';
const seeds = [
  `${post}Connection: keep-alive\r\n\r\nbody`,
  'POST /dm HTTP/1.1\r\nHost: [::1]:80\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n4\r\nbody\r\n0\r\n\r\n',
  'POST /dm HTTP/1.0\r\nContent-Length: 0\r\nCookie: a=b; c="d"\r\n\r\n',
  'GET /dm/trigger HTTP/1.1\r\nHost: gateway\r\nAuthorization: Basic YTpi\r\nConnection: TE, close\r\n\r\n',
  'CONNECT dm.example:443 HTTP/1.1\r\nHost: dm.example:443\r\nProxy-Authorization: Basic YTpi\r\n\r\n',
  'POST http://dm.example/s HTTP/1.1\r\nHost: dm.example\r\nContent-Length: 2\r\n\r\nok',
];
const pieces = [
  ...['Host: other\r\n', 'Content-Length: 4\r\n', 'Content-Length: +4\r\n', 'Content-Length: 4, 4\r\n', 'Transfer-Encoding: chunked\r\n'],
  ...[
    'Transfer-Encoding: xchunked\r\n',
    'Transfer_Encoding: chunked\r\n',
    'Connection: Host, Content-Length\r\n',
    'Content-Encoding: gzip\r\n',
  ],
  ...[
    'HTTP/1.0',
    'HTTP/2.0',
    'http://a@b:99999/',
    '//evil/',
    '*',
    '\\',
    '%00',
    '#',
    '\t',
    '\n',
    '\r',
    '\0',
    '\x0b',
    ' ',
    ':',
    ', ',
    '\u00e9',
    ';x=y',
  ],
  ...[
    '99999999999999999999',
    'ffffffffffffffff\r\n',
    '0\r\n\r\n',
    '[::1',
    'X: y\r\n'.repeat(70),
    'a'.repeat(9_000),
    'GET / HTTP/1.1\r\n\r\n',
  ],
];

/** Requests, head and body. */
export const httpGrammar: Grammar = {
  seeds: seeds.map((text) => Buffer.from(text, 'latin1')),
  pieces: pieces.map((text) => Buffer.from(text, 'latin1')),
  spansOf: (seed) => [...matchesIn(seed, /[^\r\n]+\r\n/g), ...matchesIn(seed, /[^\s:,;]+/g), ...matchesIn(seed, /\r\n|[:,; ]/g)],
};

/** The rules about heads, given what even a careless parser could make of the bytes. */
export const httpTarget: FuzzTarget = {
  name: 'http',
  share: 0.089,
  grammar: httpGrammar,
  check(input) {
    const head = carelessly(input.toString('latin1'));
    if (inspectHead(head, bodyBytes) === undefined) holdForBoth(head, 'POST');
    if (inspectPoll(head) === undefined) holdForBoth(head, 'GET');
    const place = readProxyTarget(head);
    if ('status' in place) return;
    holdUnambiguous(head);
    hold(place.host !== '' && place.port >= 1 && place.port <= 65_535 && !/[\s/@\\]/.test(place.host), 'it leads to a host and a port');
  },
};

function holdForBoth(head: RequestHead, method: string): void {
  holdUnambiguous(head);
  hold(head.method === method, 'no other method');
  hold(/^\/(?!\/)[!-~]*$/.test(head.target) && !pathOf(head.target).includes('?'), 'a target in origin form');
}

function holdUnambiguous({ fields, version }: RequestHead): void {
  const count = (name: string) => valuesOf(fields, name).length;
  hold(count('host') === 1 || (version === '1.0' && count('host') === 0), 'one host');
  hold(count('content-length') + count('transfer-encoding') <= 1, 'one length');
  hold(version === '1.1' || count('transfer-encoding') === 0, 'no coding in HTTP/1.0');
  hold(!valuesOf(fields, 'content-length').some((length) => !/^\d+$/.test(length)), 'a length is digits');
}

/** Lines at any line end, names up to the first colon, nothing refused. */
function carelessly(text: string): RequestHead {
  const [start = '', ...lines] = text.split(/\r\n\r\n|\n\n/, 1)[0]?.split(/\r?\n/) ?? [];
  const [method = '', target = '', protocol = ''] = start.split(' ');
  const fields: Fields = lines.flatMap((line) => {
    const colon = line.indexOf(':');
    return colon === -1 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  return { method, target, version: protocol.replace('HTTP/', ''), fields };
}
