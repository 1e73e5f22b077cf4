import { createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { type Clock, ManualClock, silentLog } from '#src/base/index.js';
import type { Caller, Gatekeeper } from '#src/gateway/index.js';
import { type ForwardProxy, type ForwardProxyLimits, type ForwardProxyOptions, serveForwardProxy } from '#src/transport/index.js';

export const roomyLimits: ForwardProxyLimits = {
  maxConnections: 100,
  perDevice: 50,
  headerTimeout: 10_000,
  connectTimeout: 10_000,
  idleTimeout: 60_000,
};

/** Lets everybody with the password `secret` go anywhere under the name that they give. */
export const welcoming: Gatekeeper = {
  identify: ({ authorization }: Caller) => /^Basic (.+)$/.exec(authorization ?? '')?.[1] && nameIn(authorization ?? ''),
  permits: () => true,
  permitsAddress: () => true,
  contact: async () => {},
};

function nameIn(authorization: string): string | undefined {
  return /^(.*):secret$/.exec(Buffer.from(authorization.slice('Basic '.length), 'base64').toString())?.[1];
}

/** The field that makes somebody known to {@link welcoming}. */
export function shown(name = 'lamp'): string {
  return `Proxy-Authorization: Basic ${Buffer.from(`${name}:secret`).toString('base64')}`;
}

type Options = Partial<Omit<ForwardProxyOptions, 'gatekeeper' | 'limits'>> & {
  readonly gatekeeper?: Partial<Gatekeeper>;
  readonly limits?: Partial<ForwardProxyLimits>;
};

/** A proxy on a free port of 127.0.0.1, closed with its test. */
export async function proxyUnderTest({ gatekeeper, limits, ...options }: Options = {}): Promise<ForwardProxy> {
  const proxy = await serveForwardProxy({
    listen: '127.0.0.1',
    port: 0,
    gatekeeper: { ...welcoming, ...gatekeeper },
    limits: { ...roomyLimits, ...limits },
    log: silentLog,
    ...options,
  });
  onTestFinished(() => closeNow(proxy, options.clock));
  return proxy;
}

async function closeNow(proxy: ForwardProxy, clock: Clock | undefined): Promise<void> {
  const closed = proxy.close(0);
  if (clock instanceof ManualClock) clock.advance(0);
  await closed;
}

export interface Upstream {
  readonly port: number;
  /** Every connection accepted so far, in order, and what each has received, as Latin-1. */
  readonly connections: Socket[];
  readonly received: string[];
  /** Resolves once all connections together have received this. */
  until(text: string): Promise<void>;
}

/** A server that does with its connections what the test says. */
export async function openUpstream(serve: (socket: Socket, number: number) => void = () => {}): Promise<Upstream> {
  const connections: Socket[] = [];
  const received: string[] = [];
  const looks = new Set<() => void>();
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    const at = connections.push(socket) - 1;
    received[at] = '';
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      received[at] += chunk.toString('latin1');
      for (const look of looks) look();
    });
    serve(socket, at + 1);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of connections) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening');
  const until = (text: string) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!received.join('').includes(text)) return;
        looks.delete(look);
        resolve();
      };
      looks.add(look);
      look();
    });
  return { port: address.port, connections, received, until };
}

/** Resolves once the peer of a connection is gone, however it went. */
export function departure(socket: Socket | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (socket?.readableEnded || socket?.closed) resolve();
    socket?.once('end', resolve);
    socket?.once('close', () => resolve());
  });
}

/** A head as bytes. */
export function headOf(...lines: string[]): string {
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** The head of a CONNECT. */
export function connectHead(port: number, name = 'lamp', host = '127.0.0.1'): string {
  return headOf(`CONNECT ${host}:${port} HTTP/1.1`, `Host: ${host}:${port}`, shown(name));
}
