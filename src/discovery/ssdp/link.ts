import type { RemoteInfo, Socket } from 'node:dgram';
import { type Clock, type Entropy, type Log, Opened, SourceLimit } from '#src/base/index.js';
import type { Sightings } from '#src/gateway/index.js';
import type { Lan } from '../lan.js';
import { announcementOf, departedOf, type SsdpHeaders } from './announcement.js';
import { AnswerFence } from './answer-fence.js';
import type { SsdpKind } from './datagram.js';
import type { Drops } from './drops.js';
import { FencedSocket, type SocketFence } from './fenced-socket.js';
import { Finder } from './finder.js';
import { describeGateway, type GatewayFacts, gatewayDeviceType, serveDescription } from './gateway-description.js';
import { join, openGroupSocket, openSearchSocket } from './multicast-socket.js';
import { createAnnouncer, createSearcher, type SsdpParticipant } from './node-ssdp.js';

export interface LinkParts {
  readonly group: string;
  readonly port: number;
  /** The gateway's own. */
  readonly devId: string;
  readonly sightings: Sightings;
  /** Absent: it neither announces itself nor answers. */
  readonly respond?: { readonly port: number; facts(lan: Lan): Omit<GatewayFacts, 'udn'> };
  readonly drops: Drops;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
}

/** SSDP on one network. */
export interface SsdpLink {
  readonly lan: Lan;
  /** Why it works no more; undefined: it does. */
  failure(): Error | undefined;
  /** Asks who is there, and makes sure that it is still heard. */
  search(): void;
  /** Says goodbye. */
  close(): Promise<void>;
}

/** Datagrams of one address in ten seconds: a device with many services says more than thirty things at a time, some of them thrice. */
const perAddress = 200;
const window = 10_000;
/** Every device has one of these, and only one. */
const rootDevices = 'upnp:rootdevice';

/** Opens SSDP on one network. @throws PosternError `wire.listen` */
export function openLink(lan: Lan, parts: LinkParts): Promise<SsdpLink> {
  return Opened.during(async (opened) => {
    const sockets = await openSockets(lan, parts, opened);
    const finder = new Finder({ ...parts, address: lan.address });
    opened.add(() => finder.close());
    const place = { lan, parts, searchPort: sockets.search.address().port, opened };
    const listener = await openListener(sockets.group, place);
    const fenced = new FencedSocket(sockets.search, fenceOf(place, ['response']));
    const searcher = await createSearcher(fenced, parts);
    for (const participant of [listener, searcher]) hear(participant, finder, parts.drops);
    await begin(searcher, fenced, opened);
    return {
      lan,
      failure: () => sockets.failure,
      search: () => {
        sockets.joinAgain();
        searcher.search(rootDevices);
      },
      close: () => opened.closeAll(),
    };
  });
}

interface LinkSockets {
  readonly group: Socket;
  readonly search: Socket;
  readonly failure: Error | undefined;
  joinAgain(): void;
}

async function openSockets({ device, address }: Lan, { group, port, log }: LinkParts, opened: Opened): Promise<LinkSockets> {
  let failure: Error | undefined;
  const fail = (error: Error) => {
    failure = error;
    log.warn({ interface: device, err: error }, 'a socket of SSDP has failed; it is opened again at the next search');
  };
  const owned = (socket: Socket) => {
    socket.on('error', fail);
    opened.add(() => new Promise<void>((resolve) => socket.close(() => resolve())));
    return socket;
  };
  const listening = owned(await openGroupSocket({ group, port, address }));
  const searching = owned(await openSearchSocket({ group, port, address }));
  const joinAgain = () => {
    try {
      join(listening, group, address);
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)));
    }
  };
  return {
    group: listening,
    search: searching,
    get failure() {
      return failure;
    },
    joinAgain,
  };
}

interface Place {
  readonly lan: Lan;
  readonly parts: LinkParts;
  /** From which we search. */
  readonly searchPort: number;
  readonly opened: Opened;
}

/** Hears the group; and announces the gateway to it, where that is wanted. */
async function openListener(socket: Socket, place: Place): Promise<SsdpParticipant> {
  const { lan, parts, opened } = place;
  const { respond, devId, log } = parts;
  if (respond === undefined) {
    const fenced = new FencedSocket(socket, fenceOf(place, ['notify']));
    const listener = await createSearcher(fenced, parts);
    await begin(listener, fenced, opened);
    return listener;
  }
  const udn = devId.replace(/^urn:/, '');
  const description = await serveDescription(lan, respond.port, describeGateway({ udn, ...respond.facts(lan) }), log);
  opened.add(() => description.close());
  const answers = new AnswerFence(parts);
  opened.add(() => answers.close());
  const fenced = new FencedSocket(socket, { ...fenceOf(place, ['notify', 'search']), answers });
  const types = [rootDevices, gatewayDeviceType];
  const announcer = await createAnnouncer(fenced, { ...parts, location: description.location, udn, types });
  await begin(announcer, fenced, opened);
  announcer.advertise();
  return announcer;
}

async function begin(participant: SsdpParticipant, socket: FencedSocket, opened: Opened): Promise<void> {
  opened.add(() => {
    participant.stop();
    return socket.drained();
  });
  await participant.start();
}

function fenceOf({ lan, parts, searchPort }: Place, kinds: readonly SsdpKind[]): SocketFence {
  const { group, port, drops, clock, log } = parts;
  const sources = new SourceLimit({ most: perAddress, every: window, clock });
  return {
    group,
    port,
    kinds: new Set(kinds),
    isOnLink: (address) => lan.isOnLink(address),
    isOurs: (from) => from.address === lan.address && from.port === searchPort,
    admits: (address) => sources.admits(address),
    drops,
    log,
  };
}

function hear(participant: SsdpParticipant, finder: Finder, drops: Drops): void {
  const heard = (headers: SsdpHeaders, { address }: RemoteInfo) => {
    const announcement = announcementOf(headers, address);
    if (announcement !== undefined) finder.heard(announcement);
    // Every device announces its services too; only what wants to be a root device and cannot be one is counted.
    else if (/::upnp:rootdevice$/i.test(String(headers['USN'] ?? ''))) drops.count('malformed');
  };
  participant.on('advertise-alive', heard);
  participant.on('response', (headers: SsdpHeaders, _status: number, from: RemoteInfo) => heard(headers, from));
  participant.on('advertise-bye', (headers: SsdpHeaders, { address }: RemoteInfo) => {
    const id = departedOf(headers);
    if (id !== undefined) finder.departed(id, address);
  });
}
