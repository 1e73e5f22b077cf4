import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type Log, PosternError } from '#src/base/index.js';
import { escapeXml } from '#src/dm/syncml/index.js';
import type { Lan } from '../lan.js';

/** What devices search for to find the gateway. OMA names no type of UPnP for it; this one is ours. */
export const gatewayDeviceType = 'urn:schemas-openmobilealliance-org:device:DMGateway:1';
/** Of the elements that UPnP does not have. */
const ownNamespace = 'urn:postern:dm-gateway:1';
export const descriptionPath = '/gateway.xml';

/** What devices are told of the gateway. */
export interface GatewayFacts {
  /** `uuid:…` */
  readonly udn: string;
  readonly name: string;
  /** By which devices know it as a DM server. */
  readonly serverId: string;
  /** Where devices open their sessions; absent: nothing on this network. */
  readonly dmAddress?: string;
}

/** The description of the gateway as a UPnP root device. @see UPnP Device Architecture 1.1 § 2.3 */
export function describeGateway({ udn, name, serverId, dmAddress }: GatewayFacts): string {
  const where = dmAddress === undefined ? '' : `<dm:address>${escapeXml(dmAddress)}</dm:address>`;
  return [
    `<?xml version="1.0"?>\n<root xmlns="urn:schemas-upnp-org:device-1-0" xmlns:dm="${ownNamespace}">`,
    '<specVersion><major>1</major><minor>1</minor></specVersion><device>',
    `<deviceType>${gatewayDeviceType}</deviceType><friendlyName>${escapeXml(name)}</friendlyName>`,
    `<manufacturer>Postern</manufacturer><modelName>Postern</modelName><UDN>${udn}</UDN>`,
    `<dm:serverId>${escapeXml(serverId)}</dm:serverId>${where}</device></root>\n`,
  ].join('');
}

export interface DescriptionServer {
  readonly location: string;
  close(): Promise<void>;
}

/** Serves the description to those on the network, and nothing else. @throws PosternError `wire.listen` */
export async function serveDescription(lan: Lan, port: number, xml: string, log: Log): Promise<DescriptionServer> {
  const server = createServer({ headersTimeout: 5_000, requestTimeout: 5_000, maxHeaderSize: 4_096 }, (request, response) =>
    answer(request, response, xml),
  );
  server.maxConnections = 16;
  server.on('connection', (socket: Socket) => {
    if (!lan.isOnLink(socket.remoteAddress ?? '')) socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) =>
      reject(new PosternError('wire.listen', { address: `${lan.address}:${port}`, why: error.message }, { cause: error })),
    );
    server.listen(port, lan.address, resolve);
  });
  server.on('error', (error) => log.warn({ err: error }, 'the server of the description has failed'));
  const bound = server.address();
  const location = `http://${lan.address}:${typeof bound === 'object' ? bound?.port : port}${descriptionPath}`;
  return { location, close: () => closed(server) };
}

function answer(request: IncomingMessage, response: ServerResponse, xml: string): void {
  const found = request.url === descriptionPath;
  const status = request.method !== 'GET' && request.method !== 'HEAD' ? 405 : found ? 200 : 404;
  response.writeHead(status, { 'content-type': 'text/xml; charset="utf-8"', connection: 'close' });
  response.end(status === 200 ? xml : undefined);
}

function closed(server: ReturnType<typeof createServer>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
