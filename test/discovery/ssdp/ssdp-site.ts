import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { createServer, type RequestListener, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { type Entropy, ManualClock, silentLog, systemEntropy } from '#src/base/index.js';
import { openSsdp, type SsdpOptions } from '#src/discovery/index.js';
import type { SightedBy, Sighting } from '#src/gateway/index.js';

export const group = '239.255.255.250';
export const gatewayId = 'urn:uuid:11111111-2222-4333-8444-555555555555';
export const deviceId = 'urn:uuid:aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';
export const usn = `uuid:${deviceId.slice('urn:uuid:'.length)}::upnp:rootdevice`;

/**
 * A LAN on the loopback device: the gateway is 127.0.7.1, its network 127.0.7.0/24, everything else in 127.0.0.0/8 is off its link.
 *
 *     127.0.7.2 … ──┐
 *                   ├── 127.0.7.1 (gateway)
 *     127.0.8.2 ────┘   not of its network, and heard all the same
 */
export async function ssdpSite(options: Partial<SsdpOptions> = {}) {
  const clock = new ManualClock();
  const port = await freePort();
  const seen: Sighting[] = [];
  const gone: [string, SightedBy][] = [];
  const sightings = { seen: (one: Sighting) => void seen.push(one), gone: (id: string, by: SightedBy) => void gone.push([id, by]) };
  const atOnce: Entropy = { ...systemEntropy, below: () => 0 };
  const ssdp = await openSsdp({
    interfaces: ['lo'],
    searchInterval: 900_000,
    devId: gatewayId,
    sightings,
    clock,
    entropy: atOnce,
    log: silentLog,
    lanOf: () => loopbackLan('127.0.7.1'),
    port,
    ...options,
  });
  onTestFinished(() => ssdp.close());
  const marker = await hostAt('127.0.7.99', port);
  /** Everything that was sent before has been read: datagrams of the loopback keep their order. */
  const arrived = async () => {
    const before = ssdp.drops.of('malformed');
    await marker.say('no message of SSDP');
    while (ssdp.drops.of('malformed') === before) await soon();
  };
  return { ssdp, clock, port, seen, gone, arrived };
}

export type SsdpSite = Awaited<ReturnType<typeof ssdpSite>>;

export function loopbackLan(address: string) {
  return { device: 'lo', address, isOnLink: (other: string) => other.startsWith('127.0.7.') };
}

/** A gateway that answers. */
export function answering(options: Partial<SsdpOptions> = {}): Promise<SsdpSite> {
  const facts = () => ({ name: 'Home <1>', serverId: 'postern', dmAddress: 'https://127.0.7.1:8443/dm' });
  return ssdpSite({ respond: { port: 0, facts }, ...options });
}

export interface Host {
  readonly address: string;
  readonly port: number;
  /** What it was sent, in order. */
  readonly heard: string[];
  /** Who sent each of these. */
  readonly from: RemoteInfo[];
  readonly heardBytes: () => number;
  say(text: string, to?: { address: string; port: number }): Promise<void>;
  /** Everything sent to it before has been read. */
  settled(): Promise<void>;
}

/** Somebody with an address on the loopback; says things to the group. */
export async function hostAt(address: string, groupPort: number): Promise<Host> {
  const socket = await bound(address, 0);
  socket.setMulticastInterface(address);
  return hostOn(socket, { address, groupPort });
}

/** Somebody who hears what the group is told. */
export async function memberAt(address: string, groupPort: number): Promise<Host> {
  const socket = await bound(group, groupPort);
  socket.addMembership(group, address);
  socket.setMulticastInterface(address);
  return hostOn(socket, { address, groupPort });
}

function hostOn(socket: Socket, { address, groupPort }: { address: string; groupPort: number }): Host {
  const heard: string[] = [];
  const from: RemoteInfo[] = [];
  const marks = new Set<string>();
  socket.on('message', (bytes: Buffer, sender: RemoteInfo) => {
    const text = bytes.toString();
    if (text.startsWith('mark ')) return void marks.add(text);
    heard.push(text);
    from.push(sender);
  });
  const say: Host['say'] = (text, to = { address: group, port: groupPort }) =>
    new Promise((resolve, reject) => socket.send(text, to.port, to.address, (error) => (error ? reject(error) : resolve())));
  const settled = async () => {
    const mark = `mark ${Math.random()}`;
    await soon();
    await say(mark, { address: socket.address().address, port: socket.address().port });
    while (!marks.has(mark)) await soon();
  };
  const heardBytes = () => heard.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return { address, port: socket.address().port, heard, from, heardBytes, say, settled };
}

export async function soon(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** Asks from an address of the loopback; rejects where there is no answer. */
export function askedFrom(localAddress: string, url: string, method = 'GET'): Promise<{ status: number; type: string; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { localAddress, method, agent: false }, async (response) => {
      const text = Buffer.concat(await response.toArray()).toString();
      resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '', text });
    });
    sent.on('error', reject);
    sent.end();
  });
}

/** Serves a description from an address; its URL. */
export async function describedAt(address: string, answer: string | RequestListener): Promise<string> {
  const listener: RequestListener = typeof answer === 'string' ? (_request, response) => response.end(answer) : answer;
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return `http://${address}:${(server.address() as AddressInfo).port}/desc.xml`;
}

export function description(id: string, more = ''): string {
  return `<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0"><specVersion><major>1</major><minor>0</minor></specVersion>
<device><deviceType>urn:schemas-upnp-org:device:Basic:1</deviceType><friendlyName>Lamp</friendlyName><manufacturer>Acme</manufacturer>
<modelName>Glow</modelName><modelNumber>7</modelNumber><UDN>${id.replace('urn:', '')}</UDN>${more}</device></root>`;
}

export function alive(location: string, about: { usn?: string; maxAge?: string } = {}): string {
  const { maxAge = 'max-age=1800' } = about;
  return message('NOTIFY * HTTP/1.1', [
    `HOST: ${group}:1900`,
    ...(maxAge === '' ? [] : [`CACHE-CONTROL: ${maxAge}`]),
    `LOCATION: ${location}`,
    'NT: upnp:rootdevice',
    'NTS: ssdp:alive',
    `USN: ${about.usn ?? usn}`,
  ]);
}

export function goodbye(whose = usn): string {
  return message('NOTIFY * HTTP/1.1', [`HOST: ${group}:1900`, 'NT: upnp:rootdevice', 'NTS: ssdp:byebye', `USN: ${whose}`]);
}

export function search(target: string, more: readonly string[] = []): string {
  return message('M-SEARCH * HTTP/1.1', [`HOST: ${group}:1900`, 'MAN: "ssdp:discover"', 'MX: 1', `ST: ${target}`, ...more]);
}

export function message(startLine: string, headers: readonly string[]): string {
  return [startLine, ...headers, '', ''].join('\r\n');
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}

async function bound(address: string, port: number): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  await new Promise<void>((resolve) => socket.bind(port, address, resolve));
  onTestFinished(() => new Promise<void>((resolve) => socket.close(() => resolve())));
  return socket;
}
