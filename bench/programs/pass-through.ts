import { Agent, createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/**
 * The yardstick: what Node's own HTTP does at least between a client and the server at the port given. It passes heads and bodies
 * on, with one connection to the server for each connection of a client. It prints its port, and ends with its standard input.
 */
const upstream = Number(process.argv[2]);
const agents = new WeakMap<Socket, Agent>();

const server = createServer(pass);
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
process.stdin.once('end', () => process.exit()).resume();

function pass(incoming: IncomingMessage, response: ServerResponse): void {
  const path = new URL(incoming.url ?? '/', 'http://server.invalid').pathname;
  const outgoing = httpRequest({
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
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  agents.set(socket, agent);
  socket.once('close', () => agent.destroy());
  return agent;
}
