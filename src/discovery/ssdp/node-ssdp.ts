import type { EventEmitter } from 'node:events';
import type { FencedSocket } from './fenced-socket.js';

/** What we use of node-ssdp: it writes and reads messages, and keeps the beat of announcements. */
export interface SsdpParticipant extends EventEmitter {
  start(): Promise<void>;
  stop(): void;
}
export interface SsdpAnnouncer extends SsdpParticipant {
  advertise(alive?: boolean): void;
}
export interface SsdpSearcher extends SsdpParticipant {
  search(target: string): void;
}

export interface AnnouncerOptions {
  readonly group: string;
  readonly port: number;
  /** Where the description lies. */
  readonly location: string;
  /** `uuid:…` */
  readonly udn: string;
  /** What it answers to besides its UDN, the first of them to a search for everything. */
  readonly types: readonly string[];
}

/** node-ssdp says max-age=1800 in each announcement; each comes three times within that. */
const announceEvery = 600_000;
/** Neither who made us nor in which version is everybody's business. */
const signature = 'Postern UPnP/1.1 Postern/1';

/** Announces the gateway and writes the answers to searches. */
export async function createAnnouncer(socket: FencedSocket, options: AnnouncerOptions): Promise<SsdpAnnouncer> {
  const { Server } = await nodeSsdp();
  const { location, udn, types } = options;
  const server = new Server({ ...shared(options), location, udn, allowWildcards: false, adInterval: announceEvery, ttl: 1_800 });
  for (const type of types) server.addUSN(type);
  return through(server as unknown as SsdpAnnouncer, socket);
}

/** Searches, or only listens. */
export async function createSearcher(
  socket: FencedSocket,
  options: { readonly group: string; readonly port: number },
): Promise<SsdpSearcher> {
  const { Client } = await nodeSsdp();
  return through(new Client(shared(options)) as unknown as SsdpSearcher, socket);
}

/** With a socket there already it opens none of its own: on every interface, for every source, and with errors that nobody sees. */
function through<Participant extends SsdpParticipant>(participant: Participant, socket: FencedSocket): Participant {
  return Object.assign(participant, { sockets: { fenced: socket } });
}

function shared({ group, port }: { readonly group: string; readonly port: number }) {
  return { ssdpIp: group, ssdpPort: port, ssdpSig: signature, customLogger: () => {} };
}

/** 11 MiB that only those pay for who use it. */
async function nodeSsdp() {
  const loaded = await import('node-ssdp');
  return loaded.default;
}
