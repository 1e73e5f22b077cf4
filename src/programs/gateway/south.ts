import { isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import type { Clock, Log } from '#src/base/index.js';
import type { GatewayConfig } from '#src/config/index.js';
import type { Gateway } from '#src/gateway/index.js';
import { serverCredentials, serverTlsOptions } from '#src/security/index.js';
import { type DmEndpoint, type LegRecorder, serveDm } from '#src/transport/index.js';

export interface South {
  /** What devices are told, without a path. */
  readonly url: string;
  close(grace: number): Promise<void>;
}

export interface SouthParts {
  readonly config: GatewayConfig;
  readonly directory: string;
  readonly gateway: Gateway;
  readonly clock: Clock;
  readonly log: Log;
  readonly recorder?: LegRecorder;
}

/** The handler's own patience, the device's wait, ends first: this only bounds what hangs. */
const answerMargin = 5_000;

/** Opens the endpoints that devices post to: https, and plain http where the configuration says so. */
export async function openSouth(parts: SouthParts): Promise<South> {
  const { south } = parts.config;
  const main = await listen(parts, south.port, south.tls);
  const plain = south.plainPort === undefined ? undefined : await listen(parts, south.plainPort, false);
  if (!south.tls || plain !== undefined) {
    parts.log.warn({ port: plain?.port ?? main.port }, 'devices may come over plain http: only those with allowPlainHttp are let in');
  }
  const url = south.publicUrl === undefined ? ownUrl(south.listen, main.port, south.tls) : new URL(south.publicUrl).origin;
  return { url, close: async (grace) => void (await Promise.all([main.close(grace), plain?.close(grace)])) };
}

async function listen(
  { config, directory, gateway, clock, log, recorder }: SouthParts,
  port: number,
  encrypted: boolean,
): Promise<DmEndpoint> {
  const { south, limits } = config;
  const tls = encrypted
    ? serverTlsOptions({ credentials: await serverCredentials({ directory, names: certificateNames(config), clock }) })
    : undefined;
  return serveDm({
    listen: south.listen,
    port,
    ...(tls === undefined ? {} : { tls }),
    accepts: (path) => gateway.accepts(path),
    handler: gateway.handler,
    limits: {
      bodyBytes: limits.messageBytes,
      headerTimeout: limits.headerTimeout,
      bodyTimeout: limits.bodyTimeout,
      answerTimeout: limits.deviceWait + answerMargin,
      maxConnections: south.maxConnections,
    },
    log,
    clock,
    ...(recorder === undefined ? {} : { recorder }),
  });
}

/** Every name that a device may reach us by. */
function certificateNames({ south }: GatewayConfig): string[] {
  const listening = isWildcard(south.listen) ? [hostname(), ...ownAddresses()] : [south.listen];
  const told = south.publicUrl === undefined ? [] : [new URL(south.publicUrl).hostname.replace(/^\[|\]$/g, '')];
  return [...new Set([...listening, ...told, ...south.names])];
}

function ownUrl(listening: string, port: number, encrypted: boolean): string {
  const host = isWildcard(listening) ? (ownAddresses()[0] ?? '127.0.0.1') : listening;
  return `${encrypted ? 'https' : 'http'}://${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}

function isWildcard(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}

/** Addresses of this machine that others can reach, the loopback last. */
function ownAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
  const outer = all.filter(({ internal, address }) => !internal && !address.startsWith('fe80'));
  return [...outer.map(({ address }) => address), '127.0.0.1'];
}
