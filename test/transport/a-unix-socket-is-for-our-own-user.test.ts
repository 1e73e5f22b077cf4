import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Counters, silentLog } from '#src/base/index.js';
import { unixRequest } from '#src/control/index.js';
import { type LocalServer, serveHealth, serveUnix } from '#src/transport/index.js';
import { connectRaw } from './raw-peer.js';

let root: string;
const open: LocalServer[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'postern-unix-'));
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close(0)));
  rmSync(root, { recursive: true });
});

async function echo(request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  return Response.json({ method: request.method, path: pathname + search, body: await request.text() }, { status: 201 });
}

async function serve(socket: string): Promise<LocalServer> {
  const server = await serveUnix({ socket, fetch: echo, log: silentLog });
  open.push(server);
  return server;
}

function ask(socket: string, body?: unknown) {
  const request = { socket, method: body === undefined ? 'GET' : 'POST', path: '/devices?all=1', timeout: 10_000 };
  return unixRequest(body === undefined ? request : { ...request, body });
}

test('in a folder made for it, closed to others', async () => {
  const socket = join(root, 'state', 'control.sock');
  await serve(socket);
  expect(statSync(socket).mode & 0o777).toBe(0o600);
  expect(statSync(join(root, 'state')).mode & 0o777).toBe(0o700);
});

test('answers in JSON', async () => {
  const socket = join(root, 'control.sock');
  await serve(socket);
  expect(await ask(socket)).toEqual({ status: 201, json: { method: 'GET', path: '/devices?all=1', body: '' } });
  expect(await ask(socket, { a: 1 })).toEqual({ status: 201, json: { method: 'POST', path: '/devices?all=1', body: '{"a":1}' } });
});

test('is gone when its server closes', async () => {
  const socket = join(root, 'control.sock');
  await (await serve(socket)).close(0);
  expect(existsSync(socket)).toBe(false);
});

test('is not taken from a live process', async () => {
  const socket = join(root, 'control.sock');
  await serve(socket);
  await expect(serve(socket)).rejects.toMatchObject({ code: 'wire.socket', message: expect.stringContaining(socket) });
  expect((await ask(socket)).status).toBe(201);
});

test('is taken over from a dead one', async () => {
  const socket = join(root, 'control.sock');
  const killed = `require('net').createServer().listen(${JSON.stringify(socket)}, () => process.kill(process.pid, 'SIGKILL'))`;
  expect(() => execFileSync(process.execPath, ['-e', killed])).toThrow();
  expect(existsSync(socket)).toBe(true);
  await serve(socket);
  expect((await ask(socket)).status).toBe(201);
});

test('does not replace what is no socket', async () => {
  const socket = join(root, 'control.sock');
  writeFileSync(socket, 'precious');
  await expect(serve(socket)).rejects.toMatchObject({ code: 'wire.socket', message: expect.stringContaining('not a socket') });
});

test('does not go where others could replace it', async () => {
  const folder = join(root, 'shared');
  mkdirSync(folder);
  chmodSync(folder, 0o777);
  await expect(serve(join(folder, 'control.sock'))).rejects.toMatchObject({
    code: 'wire.socket',
    message: expect.stringContaining('others can write'),
  });
});

test('is refused when its path does not fit', async () => {
  const socket = join(root, 'x'.repeat(120), 'control.sock');
  await expect(serve(socket)).rejects.toMatchObject({ code: 'wire.socket', message: expect.stringContaining('shorter') });
});

test('a health port passes on nothing but the questions of health', async () => {
  const server = await serveHealth({ port: 0, fetch: echo, log: silentLog });
  open.push(server);
  const statuses = [];
  for (const line of ['GET /healthz', 'GET /readyz', 'GET /metrics', 'GET /devices', 'POST /healthz', 'GET /healthz?x']) {
    const peer = connectRaw(server.port);
    peer.write(`${line} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
    statuses.push((await peer.closed).slice(9, 12));
  }
  expect(statuses).toEqual(['201', '201', '201', '404', '404', '404']);
});

test('a health port has no more than sixteen connections, and counts who is one too many', async () => {
  const counters = new Counters();
  const server = await serveHealth({ port: 0, fetch: echo, log: silentLog, counters });
  open.push(server);
  const peers = Array.from({ length: 16 }, () => connectRaw(server.port));
  for (const peer of peers) peer.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await Promise.all(peers.map((peer) => peer.until('"/healthz"')));
  expect(await connectRaw(server.port).closed).toBe('');
  expect(counters.samples('postern_connections_refused_total')).toEqual([{ labels: { door: 'health' }, value: 1 }]);
  for (const peer of peers) peer.socket.destroy();
});

test.each(['rebound.example', 'rebound.example:9464', '192.0.2.1', 'localhost.example', ''])(
  'a health port tells nothing to who asks for another host: %s',
  async (host) => {
    const server = await serveHealth({ port: 0, fetch: echo, log: silentLog });
    open.push(server);
    const peer = connectRaw(server.port);
    peer.write(`GET /metrics HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    expect(await peer.closed).toMatch(/^HTTP\/1\.1 4(21|00) /);
  },
);
