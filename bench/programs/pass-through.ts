import { readFileSync } from 'node:fs';
import { Agent, createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, request as httpsRequest, Agent as TlsAgent } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/**
 * The yardstick: what Node's own HTTP does at least between a client and the server at the port given. It passes heads and bodies
 * on, with one connection to the server for each connection of a client, and opens tunnels. Given files with a key, a certificate and
 * the authority of the server's, it speaks TLS at a second port and to the server. It prints its ports, and ends with its standard input.
 */
const [upstream = '', key = '', certificate = '', authority = ''] = process.argv.slice(2);
const isSecure = key !== '';
const agents = new WeakMap<Socket, Agent>();
const trust = isSecure ? readFileSync(authority) : undefined;

const servers = [createServer(pass).on('connect', tunnel)];
if (isSecure) servers.push(createTlsServer({ key: readFileSync(key), cert: readFileSync(certificate) }, pass));
const ports = await Promise.all(
  servers.map(
    (server) => new Promise<number>((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))),
  ),
);
process.stdout.write(`${ports.join(' ')}\n`);
process.stdin.once('end', () => process.exit()).resume();

function pass(incoming: IncomingMessage, response: ServerResponse): void {
  const path = new URL(incoming.url ?? '/', 'http://server.invalid').pathname;
  const outgoing = (isSecure ? httpsRequest : httpRequest)({
    agent: agentOf(incoming.socket),
    host: '127.0.0.1',
    port: upstream,
    method: incoming.method ?? 'POST',
    path,
    headers: incoming.headers,
  });
  outgoing.once('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  outgoing.once('error', () => response.destroy());
  incoming.pipe(outgoing);
}

function agentOf(socket: Socket): Agent {
  const known = agents.get(socket);
  if (known !== undefined) return known;
  const one = { keepAlive: true, maxSockets: 1 };
  const agent = trust === undefined ? new Agent(one) : new TlsAgent({ ...one, ca: trust });
  agents.set(socket, agent);
  socket.once('close', () => agent.destroy());
  return agent;
}

function tunnel(_request: IncomingMessage, client: Duplex): void {
  const far = connect({ port: Number(upstream), host: '127.0.0.1', noDelay: true });
  far.once('connect', () => {
    client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    client.pipe(far).pipe(client);
  });
  for (const [one, other] of [
    [client, far],
    [far, client],
  ] as const)
    one.on('error', () => other.destroy()).once('close', () => other.destroy());
}
