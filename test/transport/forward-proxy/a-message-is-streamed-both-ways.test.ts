import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, onTestFinished, test } from 'vitest';
import { connectRaw } from '../raw-peer.js';
import { headOf, openUpstream, proxyUnderTest, shown } from './proxy-under-test.js';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** What buffers hold once nothing that is free counts. */
function heldBytes(): number {
  collectGarbage();
  return process.memoryUsage().arrayBuffers;
}

async function echoServer(): Promise<number> {
  const server = createServer((incoming, response) => {
    response.writeHead(200, { 'Content-Type': 'application/octet-stream' });
    incoming.pipe(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => server.closeAllConnections());
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

test('what is sent arrives before the request ends, and what is answered before the answer ends', async () => {
  const port = await echoServer();
  const proxy = await proxyUnderTest();
  const peer = connectRaw(proxy.port);
  peer.write(headOf(`POST http://127.0.0.1:${port}/dm HTTP/1.1`, `Host: 127.0.0.1:${port}`, shown(), 'Transfer-Encoding: chunked'));
  peer.write('5\r\nfirst\r\n');
  await peer.until('first');
  peer.write('6\r\nsecond\r\n');
  await peer.until('second');
  peer.write('0\r\n\r\n');
  expect(await peer.until('\r\n0\r\n\r\n')).toMatch(/0\r\n\r\n$/);
});

test('64 MiB go through in both directions without being kept', async () => {
  const port = await echoServer();
  const proxy = await proxyUnderTest();
  const size = 64 * 1024 * 1024;
  const chunk = Buffer.alloc(64 * 1024, 'x');
  const outgoing = request({
    port: proxy.port,
    method: 'POST',
    path: `http://127.0.0.1:${port}/dm`,
    headers: { Host: `127.0.0.1:${port}`, 'Proxy-Authorization': shown().slice('Proxy-Authorization: '.length), 'Content-Length': size },
  });
  const before = heldBytes();
  let looks = 0;
  let largest = 0;
  let received = 0;
  const done = once(outgoing, 'response').then(async ([incoming]) => {
    for await (const part of incoming) {
      received += part.length;
      if (received < (looks + 1) * 4 * 1024 * 1024) continue;
      looks += 1;
      largest = Math.max(largest, heldBytes() - before);
    }
  });
  for (let sent = 0; sent < size; sent += chunk.length) if (!outgoing.write(chunk)) await once(outgoing, 'drain');
  outgoing.end();
  await done;
  expect(received).toBe(size);
  expect(looks).toBe(16);
  // The sender, the proxy and the server are one process here; freed buffers are swept a little later.
  expect(largest).toBeLessThan(48 * 1024 * 1024);
});

test('a server that does not read stops the device from sending', async () => {
  const upstream = await openUpstream((socket) => socket.pause());
  const proxy = await proxyUnderTest();
  const peer = connectRaw(proxy.port);
  const target = `http://127.0.0.1:${upstream.port}/dm`;
  const size = 256 * 1024 * 1024;
  peer.write(headOf(`POST ${target} HTTP/1.1`, `Host: 127.0.0.1:${upstream.port}`, shown(), `Content-Length: ${size}`));
  const chunk = Buffer.alloc(1024 * 1024, 'x');
  // Once neither end moves, a whole megabyte stays with the sender; a proxy that keeps everything would take it all.
  let sent = 0;
  let stuck = 0;
  while (sent < size && stuck < 2_000) {
    if (peer.socket.writableNeedDrain) {
      stuck += 1;
      await new Promise((resolve) => setImmediate(resolve));
    } else {
      stuck = 0;
      peer.write(chunk);
      sent += chunk.length;
    }
  }
  expect(sent).toBeLessThan(64 * 1024 * 1024);
});
