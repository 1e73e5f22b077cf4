import { once } from 'node:events';
import { type AddressInfo, connect as connectPlain, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '#src/base/index.js';
import { beginWithFirstRecord, openLocalCa, serverTlsOptions } from '#src/security/index.js';
import { temporaryDirectory } from './temporary-directory.js';

/** A server that says back what it hears, and what became of its connections. */
async function openServer() {
  const ca = await openLocalCa({ directory: temporaryDirectory(), clock: systemClock });
  const credentials = await ca.issue({ names: [], addresses: ['127.0.0.1'], usage: 'server', days: 10 });
  const failures: Error[] = [];
  const accepted: Socket[] = [];
  const server = createServer(serverTlsOptions({ credentials }), (socket) => void socket.pipe(socket));
  beginWithFirstRecord(server);
  server.on('connection', (socket: Socket) => accepted.push(socket));
  server.on('tlsClientError', (error, socket) => {
    failures.push(error);
    socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, failures, accepted, server };
}

/** Sends what it is given in pieces of a few bytes, each when the one before has left. */
class Dripping extends Duplex {
  constructor(readonly socket: Socket) {
    super();
    socket.on('data', (bytes) => this.push(bytes)).on('close', () => this.destroy());
  }

  override _read(): void {}

  override async _write(bytes: Buffer, _encoding: string, done: () => void): Promise<void> {
    for (let at = 0; at < bytes.length; at += 7) await new Promise((sent) => this.socket.write(bytes.subarray(at, at + 7), sent));
    done();
  }

  override _final(done: () => void): void {
    this.socket.end(done);
  }
}

test.each(['TLSv1.2', 'TLSv1.3'] as const)('a ClientHello in pieces is one, and what follows is heard: %s', async (version) => {
  const { port, failures } = await openServer();
  const plain = connectPlain({ port, host: '127.0.0.1', noDelay: true });
  const secure: TLSSocket = connect({ socket: new Dripping(plain), rejectUnauthorized: false, minVersion: version, maxVersion: version });
  await once(secure, 'secureConnect');
  secure.write('hello');
  expect(String((await once(secure, 'data'))[0])).toBe('hello');
  secure.destroy();
  plain.destroy();
  expect(failures).toEqual([]);
});

test('one that comes at once is heard too, many at a time', async () => {
  const { port, failures } = await openServer();
  const peers = Array.from({ length: 20 }, () => connect({ port, host: '127.0.0.1', rejectUnauthorized: false }));
  await Promise.all(peers.map((peer) => once(peer, 'secureConnect')));
  for (const peer of peers) peer.write('x');
  await Promise.all(peers.map((peer) => once(peer, 'data')));
  for (const peer of peers) peer.destroy();
  expect(failures).toEqual([]);
});

test('before that nothing is begun: a peer that leaves is none that failed', async () => {
  const { port, failures, server } = await openServer();
  const peer = connectPlain(port, '127.0.0.1');
  peer.write(Buffer.of(0x16, 0x03, 0x01, 0x02, 0x00, 0x01));
  const [socket] = (await once(server, 'connection')) as [Socket];
  await once(socket, 'data');
  peer.end();
  await once(socket, 'close');
  expect(failures).toEqual([]);
});

test.each([
  ['plain http', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ['a record larger than there are', Buffer.of(0x16, 0x03, 0x01, 0xff, 0xff)],
])('what is no handshake is refused at once: %s', async (_what, bytes) => {
  const { port, failures, server } = await openServer();
  const peer = connectPlain(port, '127.0.0.1').on('error', () => {});
  peer.write(bytes);
  await once(server, 'tlsClientError');
  expect(failures).toHaveLength(1);
  peer.destroy();
});
