import { connect, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { Counters, ManualClock } from '#src/base/index.js';
import { metLimits } from '../../met-limits.js';
import { connectRaw } from '../raw-peer.js';
import { timerStarted } from '../timer-started.js';
import { connectHead, departure, headOf, openUpstream, proxyUnderTest, shown } from './proxy-under-test.js';

const idle = 'forward proxy idle';

test('a tunnel without a byte in either direction', async () => {
  const clock = new ManualClock();
  const upstream = await openUpstream((socket) => socket.on('data', () => socket.write('answer')));
  const counters = new Counters();
  const proxy = await proxyUnderTest({ clock, limits: { idleTimeout: 60_000 }, counts: { counters, door: 'proxy' } });
  const peer = connectRaw(proxy.port);
  peer.write(connectHead(upstream.port));
  await peer.until('200 Connection established');
  await timerStarted(clock, idle);
  clock.advance(40_000);
  peer.write('still here');
  await peer.until('answer');
  clock.advance(40_000);
  expect(clock.pending()).toContain(idle);
  const closed = departure(upstream.connections[0]);
  clock.advance(20_000);
  await Promise.all([peer.closed, closed]);
  expect(clock.pending()).not.toContain(idle);
  expect(metLimits(counters)).toEqual({ 'transparent.idle': 1 });
});

test('a request whose server does not answer', async () => {
  const clock = new ManualClock();
  const upstream = await openUpstream();
  const proxy = await proxyUnderTest({ clock });
  const peer = connectRaw(proxy.port);
  const authority = `127.0.0.1:${upstream.port}`;
  peer.write(headOf(`GET http://${authority}/dm HTTP/1.1`, `Host: ${authority}`, shown()));
  await upstream.until('GET /dm');
  clock.advance(60_000);
  expect(await peer.closed).toBe('');
});

test('a server that is slow but moves is waited for', async () => {
  const clock = new ManualClock();
  const upstream = await openUpstream();
  const proxy = await proxyUnderTest({ clock });
  const peer = connectRaw(proxy.port);
  const authority = `127.0.0.1:${upstream.port}`;
  peer.write(headOf(`GET http://${authority}/dm HTTP/1.1`, `Host: ${authority}`, shown()));
  await upstream.until('GET /dm');
  upstream.connections[0]?.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n');
  await peer.until('200 OK');
  for (let at = 1; at <= 5; at += 1) {
    clock.advance(50_000);
    upstream.connections[0]?.write('hello'.slice(at - 1, at));
    await peer.until(`\r\n\r\n${'hello'.slice(0, at)}`);
  }
  const gone = departure(upstream.connections[0]);
  clock.advance(50_000);
  expect(clock.pending()).toContain(idle);
  clock.advance(10_000);
  expect(await peer.closed).toMatch(/hello$/);
  await gone;
});

test('a head that does not end', async () => {
  const clock = new ManualClock();
  const proxy = await proxyUnderTest({ clock });
  const peer = connectRaw(proxy.port);
  peer.write('CONNECT a');
  await timerStarted(clock, 'http request head');
  clock.advance(10_000);
  expect(await peer.closed).toBe('');
});

test('a server that does not answer the connection is given up with 504', async () => {
  const clock = new ManualClock();
  const proxy = await proxyUnderTest({ clock, resolve: () => new Promise(() => {}) });
  const peer = connectRaw(proxy.port);
  peer.write(connectHead(443, 'lamp', 'dm.example'));
  await timerStarted(clock, 'forward proxy connect');
  clock.advance(10_000);
  expect(await peer.until('\r\n\r\n')).toMatch(/^HTTP\/1\.1 504 /);
  await timerStarted(clock, 'forward proxy linger');
  clock.advance(1_000);
  await peer.closed;
});

test('a server that refuses the connection is told as 502', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  const address = taken.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  await new Promise((resolve) => taken.close(resolve));
  const proxy = await proxyUnderTest();
  const peer = connectRaw(proxy.port);
  peer.write(connectHead(port));
  expect(await peer.closed).toMatch(/^HTTP\/1\.1 502 /);
});

test('a proxy that is closed ends what is open after its grace', async () => {
  const clock = new ManualClock();
  const upstream = await openUpstream();
  const proxy = await proxyUnderTest({ clock });
  const peer = connectRaw(proxy.port);
  peer.write(connectHead(upstream.port));
  await peer.until('200 Connection established');
  const closed = proxy.close(5_000);
  const late = connect(proxy.port, '127.0.0.1');
  onTestFinished(() => void late.destroy());
  await new Promise((resolve) => late.once('error', resolve));
  peer.write('still open');
  await upstream.until('still open');
  clock.advance(5_000);
  await Promise.all([closed, peer.closed]);
});
