import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A UPnP device: `upnp-program ADDRESS UUID NAME`. It serves its description and announces itself, says `listening` then, and
 * says goodbye when it is told to leave.
 * @see UPnP Device Architecture 1.1 § 1.2, § 2.3
 */
const [address = '', uuid = '', name = ''] = process.argv.slice(2);
const group = '239.255.255.250';
const port = 1900;
const usn = `uuid:${uuid}::upnp:rootdevice`;
/** Datagrams get lost. */
const announceEvery = 1_000;

const description = `<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0"><specVersion><major>1</major><minor>1</minor></specVersion>
<device><deviceType>urn:schemas-upnp-org:device:Basic:1</deviceType><friendlyName>${name}</friendlyName><manufacturer>Postern</manufacturer>
<modelName>Virtual radio</modelName><UDN>uuid:${uuid}</UDN></device></root>`;

const server = createServer((_request, response) => response.writeHead(200, { 'Content-Type': 'text/xml' }).end(description));
server.listen(0, address);
await once(server, 'listening');
const location = `http://${address}:${(server.address() as AddressInfo).port}/description.xml`;

const socket = createSocket('udp4');
socket.bind(0, address);
await once(socket, 'listening');
socket.setMulticastInterface(address);

const announced = ['CACHE-CONTROL: max-age=1800', `LOCATION: ${location}`, 'SERVER: Postern demo UPnP/1.1'];
await notify('ssdp:alive', announced);
const repeating = setInterval(() => void notify('ssdp:alive', announced), announceEvery);
process.stdout.write(`${JSON.stringify({ msg: 'listening', location })}\n`);

process.once('SIGTERM', async () => {
  clearInterval(repeating);
  await notify('ssdp:byebye', []);
  process.exit(0);
});

function notify(kind: string, more: readonly string[]): Promise<unknown> {
  const lines = ['NOTIFY * HTTP/1.1', `HOST: ${group}:${port}`, 'NT: upnp:rootdevice', `NTS: ${kind}`, `USN: ${usn}`, ...more, '', ''];
  return new Promise((resolve) => socket.send(lines.join('\r\n'), port, group, resolve));
}
