import { createSocket, type Socket } from 'node:dgram';
import { PosternError } from '#src/base/index.js';

export interface MulticastPlace {
  readonly group: string;
  readonly port: number;
  /** Of our own interface. */
  readonly address: string;
}

/**
 * A socket that hears what is sent to the group on one interface. It is bound to the group's own address: what is sent to one of ours
 * never reaches it, from wherever it comes.
 * @throws PosternError `wire.listen`
 */
export function openGroupSocket({ group, port, address }: MulticastPlace): Promise<Socket> {
  return open({ bindTo: group, port, address }, (socket) => {
    socket.addMembership(group, address);
    stayOnLink(socket, address);
  });
}

/** A socket that asks the group and hears the answers. @throws PosternError `wire.listen` */
export function openSearchSocket({ address }: MulticastPlace): Promise<Socket> {
  return open({ bindTo: address, port: 0, address }, (socket) => stayOnLink(socket, address));
}

/** Joins once more: an interface that went down and came back has forgotten its members. */
export function join(socket: Socket, group: string, address: string): void {
  try {
    socket.dropMembership(group, address);
  } catch {
    // It was no member: that is what joining is for.
  }
  socket.addMembership(group, address);
}

/** Nothing of ours crosses a router: the group has many members elsewhere. */
function stayOnLink(socket: Socket, address: string): void {
  socket.setMulticastInterface(address);
  socket.setMulticastTTL(1);
}

function open(place: { bindTo: string; port: number; address: string }, prepare: (socket: Socket) => void): Promise<Socket> {
  // Other programs of a router have their own at the same port.
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      reject(
        new PosternError('wire.listen', { address: `${place.bindTo}:${place.port} (UDP, on ${place.address})`, why }, { cause: error }),
      );
      socket.close();
    };
    socket.once('error', fail);
    socket.bind({ address: place.bindTo, port: place.port }, () => {
      socket.off('error', fail);
      try {
        prepare(socket);
        resolve(socket);
      } catch (error) {
        fail(error);
      }
    });
  });
}
