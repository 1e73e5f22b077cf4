import { expect, test } from 'vitest';
import { endpointUnderTest } from './endpoint-under-test.js';
import { connectRaw, postOf, statusesOf } from './raw-peer.js';

test('after an answer in full', async () => {
  const endpoint = await endpointUnderTest();
  const peer = connectRaw(endpoint.port);
  for (const body of ['one', 'two', 'three']) {
    peer.write(postOf(body, ['Content-Type: application/vnd.syncml.dm+xml; charset=utf-8']));
    await peer.until(body);
  }
  expect(endpoint.requests.map((request) => Buffer.from(request.body).toString())).toEqual(['one', 'two', 'three']);
  expect(endpoint.requests[0]).toMatchObject({
    path: '/dm',
    contentType: 'application/vnd.syncml.dm+xml; charset=utf-8',
    remoteAddress: '127.0.0.1',
    encrypted: false,
  });
});

test('until the peer, or the handler, wants it closed', async () => {
  const endpoint = await endpointUnderTest({ handler: async ({ body }) => ({ status: 200, close: body.byteLength === 4 }) });
  const asking = connectRaw(endpoint.port);
  asking.write(postOf('hello', ['Connection: close']));
  expect(await asking.closed).toContain('\r\nConnection: close\r\n');
  const told = connectRaw(endpoint.port);
  told.write(postOf('bye!'));
  expect(await told.closed).toContain('\r\nConnection: close\r\n');
});

test('HTTP/1.0 is answered and closed unless it asks to be kept', async () => {
  const endpoint = await endpointUnderTest();
  const peer = connectRaw(endpoint.port);
  peer.write('POST /dm HTTP/1.0\r\nContent-Length: 5\r\n\r\nhello');
  expect(statusesOf(await peer.closed)).toEqual([200]);
});

test('a query does not belong to the path', async () => {
  const endpoint = await endpointUnderTest();
  const peer = connectRaw(endpoint.port);
  peer.write(postOf('hello', ['Connection: close'], '/dm?mode=Maintenance'));
  await peer.closed;
  expect(endpoint.requests[0]?.path).toBe('/dm');
});

test('a peer that waits with its body is asked for it', async () => {
  const endpoint = await endpointUnderTest();
  const peer = connectRaw(endpoint.port);
  peer.write('POST /dm HTTP/1.1\r\nHost: gateway.example\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n');
  await peer.until('100 Continue');
  peer.write('hello');
  expect(statusesOf(await peer.until('hello'))).toEqual([100, 200]);
});

test('answers name no server and are not to be stored', async () => {
  const endpoint = await endpointUnderTest();
  const peer = connectRaw(endpoint.port);
  peer.write(postOf('hello'));
  const answer = await peer.until('hello');
  expect(answer).toContain('\r\nCache-Control: no-store\r\n');
  expect(answer).not.toMatch(/\r\nServer:/i);
});
