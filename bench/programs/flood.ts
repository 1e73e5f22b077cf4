import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { clientPassword, deviceUser } from '../bench-passwords.js';
import { dmContentType } from '../canned-messages.js';
import { abuserAt } from '../flood-peers.js';

/**
 * Everything that peers can do to a gateway at once, until standard input ends: `flood <southern port> <broker's port> <port with TLS>`; 0 leaves one out.
 * Each peer that is closed comes again after half a second. It prints one number, as every program of the bench does.
 */
const [south = 0, mqtt = 0, tls = 0] = process.argv.slice(2).map(Number);
const again = 500;
const message = readFileSync(new URL('../message-4k.xml', import.meta.url));
const head = `POST /dm HTTP/1.1\r\nHost: gateway.example\r\nContent-Type: ${dmContentType}\r\n`;

process.stdout.write('1\n');
process.stdin.once('end', () => process.exit()).resume();

if (south > 0) {
  crowd(500, south, (socket) => socket.write('POST /dm HTTP/1.1\r\nHost: gate'));
  crowd(100, south, (socket) => {
    socket.write(`${head}Content-Length: 1000000\r\n\r\n`);
    drip(socket, Buffer.alloc(20_000, ' '), 200);
  });
  crowd(50, south, (socket) => {
    socket.pause();
    drip(socket, Buffer.concat([Buffer.from(`${head}Content-Length: ${message.length}\r\n\r\n`), message]), 500);
  });
  for (let thrower = 0; thrower < 8; thrower++) void throwMessages();
}
if (tls > 0) crowd(200, tls, (socket) => socket.write(Buffer.of(0x16, 0x03, 0x01, 0x02, 0x00)));
if (mqtt > 0) {
  crowd(500, mqtt, (socket) => socket.write(Buffer.concat([Buffer.of(0x10, 0xff, 0xff, 0xff, 0x7f), Buffer.alloc(1_024)])));
  for (let at = 0; at < 50; at++) crowd(1, mqtt, (socket) => publishWithoutEnd(socket, at));
  for (let at = 50; at < 60; at++) crowd(1, mqtt, (socket) => leaveHalfDone(socket, at));
  for (let at = 60; at < 70; at++) crowd(1, mqtt, (socket) => subscribeAndFreeze(socket, at));
  for (let at = 70; at < 75; at++) crowd(2, mqtt, (socket) => flap(socket, at));
}

/** So many peers that each do the same as soon as they are connected, again and again. */
function crowd(count: number, port: number, act: (socket: Socket) => void): void {
  for (let peer = 0; peer < count; peer++) come(port, act);
}

function come(port: number, act: (socket: Socket) => void): void {
  const socket = connect(port, '127.0.0.1', () => act(socket));
  socket.on('error', () => {});
  socket.once('close', () => setTimeout(() => come(port, act), again));
  socket.resume();
}

function drip(socket: Socket, bytes: Buffer, every: number): void {
  const timer = setInterval(() => socket.write(bytes), every);
  socket.once('close', () => clearInterval(timer));
}

async function throwMessages(): Promise<void> {
  for (;;) await Promise.race([post(mutated()), pause(10_000)]);
}

function post(body: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const headers = { 'Content-Type': dmContentType, 'Content-Length': body.length };
    const sending = request({ host: '127.0.0.1', port: south, method: 'POST', path: '/dm', headers }, (answer) => {
      answer.resume().once('close', resolve);
    });
    sending.once('error', () => setTimeout(resolve, again));
    sending.end(body);
  });
}

/** The message cut off, with other bytes, or with a part of it twice. */
function mutated(): Buffer {
  const bytes = Buffer.from(message);
  const at = Math.floor(Math.random() * bytes.length);
  if (Math.random() < 0.3) return bytes.subarray(0, at);
  bytes[at] = Math.floor(Math.random() * 256);
  return Math.random() < 0.5 ? bytes : Buffer.concat([bytes.subarray(0, at), bytes.subarray(at >> 1)]);
}

/** As many messages as a socket takes, a thousand a second at most; every hundredth is retained, one goes 5 000 levels deep in the end. */
function publishWithoutEnd(socket: Socket, at: number): void {
  socket.write(connectPacket(at));
  const topic = `${placeOf(at)}x`;
  const batch = Buffer.concat(Array.from({ length: 100 }, () => publish(topic, 1)));
  drip(socket, batch, 100);
  setTimeout(() => socket.write(publish(placeOf(at) + 'a/'.repeat(5_000), 0)), 20_000).unref();
}

function leaveHalfDone(socket: Socket, at: number): void {
  socket.write(connectPacket(at));
  let id = 0;
  const timer = setInterval(() => socket.write(publish(`${placeOf(at)}x`, 2, ++id)), 50);
  socket.once('close', () => clearInterval(timer));
}

function subscribeAndFreeze(socket: Socket, at: number): void {
  const topic = `${placeOf(at)}x`;
  socket.write(Buffer.concat([connectPacket(at), packet(0x82, Buffer.of(0, 1), text(topic), Buffer.of(0))]));
  socket.pause();
  drip(socket, publish(topic, 0, 1, 8_000), 20);
}

function flap(socket: Socket, at: number): void {
  socket.write(connectPacket(at, `flapping ${Math.random()}`));
  setTimeout(() => socket.destroy(), 200);
}

function connectPacket(at: number, client = abuserAt(at)): Buffer {
  return packet(0x10, text('MQTT'), Buffer.of(4, 0xc2, 0, 60), text(client), text(deviceUser + at), text(clientPassword));
}

function publish(topic: string, qos: number, id = 1, bytes = 100): Buffer {
  const messageId = qos === 0 ? Buffer.alloc(0) : Buffer.of(id >> 8, id & 0xff);
  return packet(0x30 | (qos << 1), text(topic), messageId, Buffer.alloc(bytes, 'x'));
}

function placeOf(at: number): string {
  return `devices/${encodeURIComponent(abuserAt(at))}/`;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.of(bytes.length >> 8, bytes.length & 0xff), bytes]);
}

function packet(first: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const length: number[] = [];
  for (let rest = body.length; length.length === 0 || rest > 0; rest >>= 7) length.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
  return Buffer.concat([Buffer.of(first, ...length), body]);
}
