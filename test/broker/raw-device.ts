import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Broker } from '#src/broker/index.js';
import { until } from '../gateway/peers.js';
import { passwordOf } from './broker-under-test.js';

/** A peer that writes bytes as it likes. */
export interface RawDevice {
  readonly socket: Socket;
  readonly closed: Promise<void>;
  /** Resolves with the first packets of this type that have come, as soon as there are so many. */
  packets(type: number, count?: number): Promise<Buffer[]>;
  /** How many of a type have come so far. */
  count(type: number): number;
}

export async function connectRaw(port: number): Promise<RawDevice> {
  const socket = connect(port, '127.0.0.1').setMaxListeners(0);
  const came: Buffer[] = [];
  let rest: Buffer = Buffer.alloc(0);
  let look = () => {};
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('data', (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    for (let packet = first(rest); packet !== undefined; packet = first(rest)) {
      came.push(packet);
      rest = rest.subarray(packet.length);
    }
    look();
  });
  onTestFinished(() => void socket.destroy());
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  const ofType = (type: number) => came.filter((packet) => (packet[0] ?? 0) >> 4 === type);
  const packets = (type: number, count = 1) =>
    new Promise<Buffer[]>((resolve, reject) => {
      look = () => {
        if (ofType(type).length >= count) resolve(ofType(type));
      };
      socket.once('close', () => reject(new Error(`closed with ${ofType(type).length} packets of type ${type}`)));
      look();
    });
  return { socket, closed, packets, count: (type) => ofType(type).length };
}

/** The first whole packet; undefined: there is none yet. */
function first(bytes: Buffer): Buffer | undefined {
  let length = 0;
  for (let at = 1; at < 5; at++) {
    const byte = bytes[at];
    if (byte === undefined) return undefined;
    length += (byte & 0x7f) * 128 ** (at - 1);
    if (byte < 128) return bytes.length < 1 + at + length ? undefined : bytes.subarray(0, 1 + at + length);
  }
  return undefined;
}

/** A packet of these parts behind a fixed header. */
export function packet(firstByte: number, ...parts: readonly (string | Uint8Array)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'string' ? text(part) : part)));
  return Buffer.concat([Buffer.of(firstByte), length(body.length), body]);
}

export function length(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest % 128) + (rest >= 128 ? 128 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Buffer.from(bytes);
}

/** A string with its length before it. */
function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.of(bytes.length >> 8, bytes.length & 0xff), bytes]);
}

export function connectPacket(device: string, { clientId = 'raw', keepAlive = 0, password = passwordOf(device) } = {}): Buffer {
  return packet(0x10, 'MQTT', Buffer.of(4, 0xc2, keepAlive >> 8, keepAlive & 0xff), clientId, device, password);
}

export function publishPacket(topic: string, payload: string | Uint8Array, qos = 0, id = 1): Buffer {
  const messageId = qos === 0 ? Buffer.alloc(0) : Buffer.of(id >> 8, id & 0xff);
  return packet(0x30 | (qos << 1), topic, messageId, Buffer.from(payload));
}

export function subscribePacket(filters: readonly string[], qos = 1): Buffer {
  return packet(0x82, Buffer.of(0, 1), ...filters.flatMap((filter) => [filter, Buffer.of(qos)]));
}

/** A device that has its CONNACK. */
export async function connectRawDevice(
  port: number,
  device: string,
  options: Parameters<typeof connectPacket>[1] = {},
): Promise<RawDevice> {
  const raw = await connectRaw(port);
  raw.socket.write(connectPacket(device, options));
  await raw.packets(2);
  return raw;
}

/** One address that comes and goes, again and again. */
export async function openAndClose(broker: Broker, times: number): Promise<void> {
  for (let arrival = 0; arrival < times; arrival++) {
    const { socket, closed } = await connectRaw(broker.port);
    await until(() => broker.connections === 1);
    socket.destroy();
    await closed;
    await until(() => broker.connections === 0);
  }
}
