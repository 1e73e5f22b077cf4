import { expect, test } from 'vitest';
import { Counters, type NewWork } from '#src/base/index.js';
import { endpointUnderTest } from './endpoint-under-test.js';
import { connectHead, openUpstream, proxyUnderTest, shown } from './forward-proxy/proxy-under-test.js';
import { connectRaw, postOf } from './raw-peer.js';

test('a message that belongs to nothing gets 503 with Retry-After before its body comes; others go on', async () => {
  const counters = new Counters();
  const endpoint = await endpointUnderTest({
    accepts: () => true,
    admits: (path) => path !== '/dm',
    counts: { counters, door: 'south' },
  });
  const peer = connectRaw(endpoint.port);
  peer.write('POST /dm HTTP/1.1\r\nHost: gateway.example\r\nContent-Length: 900\r\n\r\n');
  expect(await peer.closed).toMatch(/^HTTP\/1\.1 503 [\s\S]*Retry-After: 30\r\n/);
  const other = connectRaw(endpoint.port);
  other.write(postOf('hello', ['Connection: close']).replace('POST /dm ', 'POST /dm/s/open '));
  expect(await other.closed).toMatch(/^HTTP\/1\.1 200 /);
  expect(endpoint.requests.map(({ path }) => path)).toEqual(['/dm/s/open']);
  expect(counters.samples('postern_requests_refused_total')).toEqual([{ labels: { door: 'south', status: '503' }, value: 1 }]);
});

test('the forward proxy opens no further way out; what is open goes on', async () => {
  const upstream = await openUpstream();
  const state = { on: false };
  const asked: NewWork[] = [];
  const overload = {
    level: 'none' as const,
    admits(work: NewWork) {
      asked.push(work);
      return !state.on;
    },
  };
  const proxy = await proxyUnderTest({ overload });
  const open = connectRaw(proxy.port);
  open.write(connectHead(upstream.port, 'lamp'));
  await open.until('200 ');
  state.on = true;
  const late = connectRaw(proxy.port);
  late.write(connectHead(upstream.port, 'lamp'));
  expect(await late.closed).toMatch(/^HTTP\/1\.1 503 [\s\S]*Retry-After: 30\r\n/);
  const plain = connectRaw(proxy.port);
  plain.write(`GET http://127.0.0.1:${upstream.port}/ HTTP/1.1\r\nHost: 127.0.0.1:${upstream.port}\r\n${shown()}\r\n\r\n`);
  expect(await plain.closed).toMatch(/^HTTP\/1\.1 503 /);
  expect(asked).toEqual(['proxy', 'proxy', 'proxy']);
  open.write('still here');
  await upstream.until('still here');
});
