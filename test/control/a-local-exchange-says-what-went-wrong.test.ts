import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { unixRequest } from '#src/control/index.js';

let root: string;
let socket: string;
let server: Server | undefined;
const connections: Socket[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'postern-exchange-'));
  socket = join(root, 'control.sock');
});
afterEach(async () => {
  for (const connection of connections.splice(0)) connection.destroy();
  await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
  server = undefined;
  rmSync(root, { recursive: true });
});

async function answering(bytes: string, end = true): Promise<void> {
  server = createServer((connection) => {
    connections.push(connection);
    connection.once('data', () => (end ? connection.end(bytes) : connection.write(bytes)));
  });
  await new Promise<void>((resolve) => server?.listen(socket, resolve));
}

const ask = (timeout = 10_000) => unixRequest({ socket, method: 'GET', path: '/devices', timeout });

test('nothing has made the socket', async () => {
  await expect(ask()).rejects.toMatchObject({ code: 'ENOENT' });
});

test('nothing serves it', async () => {
  writeFileSync(socket, '');
  await expect(ask()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('no answer in time', async () => {
  await answering('', false);
  await expect(ask(50)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
});

test('no complete answer in time', async () => {
  await answering('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{', false);
  await expect(ask(50)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
});

test.each([
  ['not JSON', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'],
  ['broken off', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}'],
  ['nothing', ''],
])('an answer that is %s', async (_what, bytes) => {
  await answering(bytes);
  await expect(ask()).rejects.toMatchObject({ code: 'control.bad-answer', message: expect.stringContaining(socket) });
});

test('an answer without a body is no error', async () => {
  await answering('HTTP/1.1 204 No Content\r\n\r\n');
  expect(await ask()).toEqual({ status: 204, json: undefined });
});
