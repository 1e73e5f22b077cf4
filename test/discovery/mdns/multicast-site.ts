import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { Counters, ManualClock, silentLog } from '#src/base/index.js';
import { lanOf } from '#src/discovery/index.js';
import { type MdnsMessage, openMdnsLink } from '#src/discovery/mdns/link.js';

const group = '224.0.0.251';
export const loopback = { family: 'IPv4', address: '127.0.0.1', netmask: '255.255.255.0', mac: '', internal: true, cidr: null } as const;

/** A link on the loopback interface whose network is 127.0.0.0/24, with a port of its own. */
export async function opened() {
  const heard: MdnsMessage[] = [];
  const counters = new Counters();
  const port = await freePort();
  const lan = lanOf('lo', { lo: [loopback] });
  const link = await openMdnsLink({ lan, port, take: (one) => heard.push(one), counters, clock: new ManualClock(), log: silentLog });
  onTestFinished(() => link.close());
  const from = (address: string) => heard.filter((one) => one.from.address === address);
  const dropped = () =>
    Object.fromEntries(counters.samples('postern_discovery_dropped_total').map(({ labels, value }) => [labels['reason'], value]));
  return { heard, from, dropped, port, link };
}

async function freePort(): Promise<number> {
  const socket = await bound('127.0.0.1', 0);
  const { port } = socket.address();
  socket.close();
  return port;
}

async function bound(address: string, port: number): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  socket.bind(port, address);
  await once(socket, 'listening');
  return socket;
}

/** A host that speaks to the group, from the port of mDNS unless another is given. */
export async function neighbour(address: string, port: number, fromPort = port) {
  const socket = await bound(address, fromPort);
  onTestFinished(() => void socket.close());
  socket.setMulticastInterface('127.0.0.1');
  return (bytes: Buffer) => new Promise((resolve) => socket.send(bytes, port, group, resolve));
}
