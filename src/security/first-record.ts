import type { Socket } from 'node:net';
import type { Server } from 'node:tls';

/** Type and version, then the length of what follows. @see RFC 8446 § 5.1 */
const headBytes = 5;
const handshakeType = 0x16;
/** What a record may hold. */
const mostBytes = 16 * 1024;

/**
 * Lets a TLS server begin with a connection only once its first record, the ClientHello, has come whole: who opens connections and says little
 * or nothing costs a socket each, and none of the tens of kilobytes that a handshake takes. How long that may be is the matter of whoever admits
 * connections; what is no handshake at all is refused by TLS at once, as ever.
 */
export function beginWithFirstRecord(server: Server): void {
  const begin = server.listeners('connection') as ((socket: Socket) => void)[];
  server.removeAllListeners('connection');
  const handOver = (socket: Socket) => {
    for (const listener of begin) listener.call(server, socket);
  };
  server.on('connection', (socket: Socket) => gather(socket, () => handOver(socket)));
}

function gather(socket: Socket, begin: () => void): void {
  let come: Buffer = Buffer.alloc(0);
  const take = (bytes: Buffer) => {
    come = come.length === 0 ? bytes : Buffer.concat([come, bytes]);
    if (!isWhole(come)) return;
    stop();
    // The server takes what lies there before what comes.
    socket.pause();
    socket.unshift(come);
    begin();
  };
  const leave = () => {
    stop();
    socket.destroy();
  };
  const stop = () => void socket.off('data', take).off('end', leave).off('error', leave);
  socket.on('data', take).on('end', leave).on('error', leave);
}

/** Whether the first record is there, or it is clear that there will be none. */
function isWhole(bytes: Buffer): boolean {
  if (bytes.length > 0 && bytes[0] !== handshakeType) return true;
  if (bytes.length < headBytes) return false;
  const length = bytes.readUInt16BE(headBytes - 2);
  return length > mostBytes || bytes.length >= headBytes + length;
}
