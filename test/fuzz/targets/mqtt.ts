import { createRequire } from 'node:module';
import { Socket } from 'node:net';
import { ManualClock } from '#src/base/index.js';
import { encodePublish, readFrameHeader } from '#src/broker/frame.js';
import { GuardedConnection } from '#src/broker/guarded-connection.js';
import type { Span } from '../grammar.js';
import { hold } from '../oracle.js';
import type { FuzzTarget } from '../target.js';

interface PacketParser {
  on(event: 'packet' | 'error', heard: (what: unknown) => void): void;
  parse(bytes: Uint8Array): number;
}

/** The parser that aedes brings along. */
const { parser } = createRequire(createRequire(import.meta.url).resolve('aedes'))('mqtt-packet') as { parser(): PacketParser };

const frameBytes = 4_096;
const bytesBeforeConnack = 2_048;
const text = (value: string) => Buffer.concat([Buffer.of(value.length >> 8, value.length & 0xff), Buffer.from(value)]);
const packet = (first: number, ...parts: Buffer[]) => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(first, body.length), body]);
};
const connectPacket = packet(0x10, text('MQTT'), Buffer.of(4, 0xc2, 0, 60), text('lamp-1'), text('lamp-1'), text('secret'));
const publishPacket = encodePublish({ topic: 'devices/lamp-1/up', payload: Buffer.from('on'), messageId: 7, repeated: false });
const subscribePacket = packet(0x82, Buffer.of(0, 1), text('devices/lamp-1/#'), Buffer.of(1));
const seeds = [
  connectPacket,
  Buffer.concat([connectPacket, publishPacket, subscribePacket, Buffer.of(0xc0, 0), Buffer.of(0xe0, 0)]),
  Buffer.concat([connectPacket, Buffer.of(0x62, 2, 0, 7), publishPacket, Buffer.of(0x40, 2, 0, 7)]),
];
const lengths = [[0xff, 0xff, 0xff, 0x7f], [0xff, 0xff, 0xff, 0xff], [0x80, 0x80, 0x80, 0x00], [0x80, 0x80, 0x80, 0x80, 0x01], [0x80], [0]];

/** Control packets: the frame reader, the guard before aedes, and the parser behind it. */
export const mqttTarget: FuzzTarget = {
  name: 'mqtt',
  share: 0.37,
  grammar: {
    seeds,
    pieces: [
      ...lengths.map((bytes) => Buffer.from(bytes)),
      ...[
        connectPacket,
        publishPacket,
        subscribePacket,
        text('/'.repeat(200)),
        text('#'),
        text('\0'),
        text('MQIsdp'),
        Buffer.of(0xff, 0xff),
      ],
      Buffer.alloc(bytesBeforeConnack, 'x'),
      ...Array.from({ length: 16 }, (_, type) => Buffer.of(type << 4, 2, 0, 1)),
    ],
    spansOf,
  },
  check(input) {
    const header = readFrameHeader(input);
    hold(typeof header === 'string' || (header.length >= 2 && header.length <= 5 + 2 ** 28), 'a length that four bytes can say');
    // The first byte says which of the two the input is about.
    const passed = throughGuard(input, input.length % 2 === 0);
    const reader = parser();
    reader.on('packet', () => undefined);
    reader.on('error', () => undefined);
    reader.parse(passed);
  },
};

/** What comes out of the guard; what may not, does not. */
function throughGuard(input: Buffer, admit: boolean): Buffer {
  const socket = new Socket();
  const passed: Buffer[] = [];
  const guard = new GuardedConnection({
    socket,
    address: '192.0.2.1',
    clock: new ManualClock(),
    frameBytes,
    backlogBytes: 65_536,
    drainTimeout: 10_000,
    onRefused: () => undefined,
    onAdmitted: () => undefined,
  });
  if (admit) guard.admit({ take: () => 0 });
  const half = input.length >> 1;
  for (const part of [input.subarray(0, half), input.subarray(half)]) {
    socket.emit('data', part);
    for (let bytes = guard.read() as Buffer | null; bytes !== null; bytes = guard.read() as Buffer | null) passed.push(bytes);
  }
  guard.destroy();
  const whole = Buffer.concat(passed);
  hold(whole.equals(input.subarray(0, whole.length)), 'what passes is what came');
  holdFrames(whole, admit);
  return whole;
}

function holdFrames(passed: Buffer, admit: boolean): void {
  for (let at = 0; at < passed.length; ) {
    const header = readFrameHeader(passed.subarray(at));
    if (typeof header === 'string') throw new Error(`a packet passed whose length is ${header}`);
    hold(header.length <= (admit ? frameBytes : bytesBeforeConnack), 'no packet above the cap passes');
    hold(admit || (at === 0 && header.type === 1), 'nothing but one CONNECT passes before the CONNACK');
    at += header.length;
  }
}

/** Packets, their heads and their bodies. */
function spansOf(seed: Buffer): Span[] {
  const spans: Span[] = [];
  for (let at = 0; at < seed.length; ) {
    const end = at + 2 + (seed[at + 1] ?? 0);
    spans.push({ start: at, end }, { start: at, end: at + 1 }, { start: at + 1, end: at + 2 }, { start: at + 2, end });
    at = end;
  }
  return spans;
}
