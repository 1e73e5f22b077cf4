import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type ConnectionOptions, connect, createServer, type TLSSocket, type TlsOptions } from 'node:tls';

/** How a handshake over a real socket ended: `accepted`, or the reason of whoever refused first. */
export async function handshake(serverOptions: TlsOptions, clientOptions: ConnectionOptions): Promise<string> {
  const server = createServer(serverOptions);
  const refusedThere = new Promise<string>((resolve) =>
    server.once('tlsClientError', (error, socket) => resolve(verdict(socket) ?? reason(error))),
  );
  const acceptedThere = new Promise<string>((resolve) => server.once('secureConnection', () => resolve('accepted')));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect({ host: '127.0.0.1', servername: 'localhost', port: (server.address() as AddressInfo).port, ...clientOptions });
  const here = new Promise<string>((resolve) => {
    client.once('secureConnect', () => resolve('accepted'));
    client.once('error', (error: NodeJS.ErrnoException) => resolve(reason(error)));
  });
  try {
    // With TLS 1.3 the client is done before the server has looked at its certificate: both must agree.
    const first = await here;
    return first === 'accepted' ? await Promise.race([refusedThere, acceptedThere]) : first;
  } finally {
    client.destroy();
    server.close();
  }
}

/** A server that does not like a certificate only hangs up; why stands at the socket. */
function verdict(socket: TLSSocket): string | undefined {
  return socket.authorizationError ? String(socket.authorizationError) : undefined;
}

function reason(error: NodeJS.ErrnoException): string {
  return error.code ?? error.message;
}
