import { createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** As much of an MQTT 3.1.1 broker as one subscriber or publisher needs: it keeps what was not acknowledged and sends it again. */
export interface TinyBroker {
  readonly url: string;
  /** First bytes of the packets that came, by their type: 1 CONNECT, 3 PUBLISH, 8 SUBSCRIBE, 4 PUBACK, 14 DISCONNECT. */
  readonly received: { readonly type: number; readonly body: Buffer }[];
  publish(topic: string, payload: Uint8Array): void;
  /** Message ids that were acknowledged. */
  acknowledged(): number[];
  /** Cuts every connection. */
  cut(): void;
}

/** @param deaf it takes connections and answers nothing */
export async function openTinyBroker(connack = 0, { deaf = false } = {}): Promise<TinyBroker> {
  const sockets = new Set<Socket>();
  const received: { type: number; body: Buffer }[] = [];
  const kept = new Map<number, Buffer>();
  let lastId = 0;
  const answer = (socket: Socket, type: number, body: Buffer) => {
    if (deaf) return;
    if (type === 1) socket.write(Buffer.from([0x20, 2, 0, connack]));
    if (type === 3) socket.write(Buffer.concat([Buffer.from([0x40, 2]), body.subarray(2 + body.readUInt16BE(0)).subarray(0, 2)]));
    if (type === 4) kept.delete(body.readUInt16BE(0));
    if (type === 8) socket.write(Buffer.concat([Buffer.from([0x90, 3]), body.subarray(0, 2), Buffer.from([1])]));
    if (type === 8) for (const packet of kept.values()) socket.write(packet);
    if (type === 12) socket.write(Buffer.from([0xd0, 0]));
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    let rest = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (bytes) => {
      rest = Buffer.concat([rest, bytes]);
      // Every packet of these tests is shorter than 128 bytes.
      for (let end = 2 + (rest[1] ?? 0); rest.length >= 2 && rest.length >= end; end = 2 + (rest[1] ?? 0)) {
        const packet = { type: (rest[0] ?? 0) >> 4, body: rest.subarray(2, end) };
        rest = rest.subarray(end);
        received.push(packet);
        answer(socket, packet.type, packet.body);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    url: `mqtt://127.0.0.1:${(server.address() as { port: number }).port}`,
    received,
    publish(topic, payload) {
      lastId += 1;
      const name = Buffer.from(topic);
      const body = Buffer.concat([Buffer.from([0, name.length]), name, Buffer.from([0, lastId]), payload]);
      const packet = Buffer.concat([Buffer.from([0x32, body.length]), body]);
      kept.set(lastId, packet);
      for (const socket of sockets) socket.write(packet);
    },
    acknowledged: () => received.filter(({ type }) => type === 4).map(({ body }) => body.readUInt16BE(0)),
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}
