import type { Socket } from 'node:net';

export interface TunnelEnds {
  readonly client: Socket;
  readonly upstream: Socket;
  /** What the client has sent behind its CONNECT. */
  readonly early: Uint8Array;
  /** Bytes have gone either way. */
  readonly moved: () => void;
}

/**
 * Carries bytes both ways until both ends are done, one half at a time, or one of them breaks. They are never looked at; but a server
 * that talks before the client has said a word speaks no TLS, and is cut off.
 */
export function joinEnds({ client, upstream, early, moved }: TunnelEnds): void {
  let asked = early.byteLength > 0;
  if (asked) upstream.write(early);
  carry(client, upstream, () => {
    asked = true;
    moved();
  });
  carry(upstream, client, () => {
    if (asked) moved();
    else destroy(client, upstream);
  });
}

/** One listener for each event: a pipe has a dozen of them for each tunnel, and as many steps for each chunk. */
function carry(from: Socket, to: Socket, took: () => void): void {
  from.on('data', (chunk) => {
    took();
    if (!to.destroyed && !to.write(chunk)) from.pause();
  });
  to.on('drain', () => from.resume());
  from.on('end', () => to.end());
  from.on('error', () => destroy(from, to));
  from.on('close', () => endOf(from, to));
  from.resume();
}

/** An end that closed without saying so has broken; one that said so lets what is under way to the other arrive. */
function endOf(closed: Socket, other: Socket): void {
  if (closed.errored !== null || !closed.readableEnded) other.destroy();
}

function destroy(...ends: readonly Socket[]): void {
  for (const end of ends) end.destroy();
}
