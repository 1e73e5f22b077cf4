import type { Socket } from 'node:net';
import type { IdleWatch } from './idle-watch.js';

export interface TunnelEnds {
  readonly client: Socket;
  readonly upstream: Socket;
  /** What the client has sent behind its CONNECT. */
  readonly early: Uint8Array;
  readonly idle: IdleWatch;
}

/**
 * Carries bytes both ways until both ends are done, one half at a time, or one of them breaks. They are never looked at; but a server
 * that talks before the client has said a word speaks no TLS, and is cut off.
 */
export function joinEnds({ client, upstream, early, idle }: TunnelEnds): void {
  const destroy = () => {
    client.destroy();
    upstream.destroy();
  };
  let asked = early.byteLength > 0;
  for (const end of [client, upstream]) {
    end.on('error', destroy);
    end.once('close', () => endOf(end, end === client ? upstream : client));
    end.on('data', () => idle.touch());
  }
  client.once('data', () => {
    asked = true;
  });
  upstream.on('data', () => {
    if (!asked) destroy();
  });
  if (early.byteLength > 0) upstream.write(early);
  client.pipe(upstream);
  upstream.pipe(client);
}

/** An end that closed without saying so has broken; one that said so lets what is under way to the other arrive. */
function endOf(closed: Socket, other: Socket): void {
  if (closed.errored !== null || !closed.readableEnded) other.destroy();
}
