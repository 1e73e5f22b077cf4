import type { Clock, Counters, Log, Overload } from '#src/base/index.js';
import type { GatewayConfig } from '#src/config/index.js';
import type { Gateway } from '#src/gateway/index.js';
import { type Sealer, serverCredentials, serverTlsOptions } from '#src/security/index.js';
import { type DmEndpoint, type LegRecorder, serveDm } from '#src/transport/index.js';
import { namesOf, originOf } from '../../own-addresses.js';

export interface South {
  /** What devices are told, without a path. */
  readonly url: string;
  /** The same for those that come over plain http beside TLS. */
  readonly plainUrl?: string;
  /** How many are open now. */
  readonly connections: number;
  /** Lets answers under way leave for as long as `grace`. */
  close(grace: number): Promise<void>;
}

export interface SouthParts {
  readonly config: GatewayConfig;
  readonly directory: string;
  /** Absent: the private keys stay as they are. */
  readonly sealer?: Sealer;
  readonly gateway: Pick<Gateway, 'accepts' | 'isOpen' | 'handler' | 'acceptsPoll' | 'pollHandler'>;
  readonly counters?: Counters;
  readonly overload?: Overload;
  readonly clock: Clock;
  readonly log: Log;
  readonly recorder: LegRecorder | undefined;
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
  const url = south.publicUrl === undefined ? originOf(south.listen, main.port, south.tls) : new URL(south.publicUrl).origin;
  const plainUrl = plain === undefined ? {} : { plainUrl: `http://${new URL(url).hostname}:${plain.port}` };
  return {
    url,
    ...plainUrl,
    get connections() {
      return main.connections + (plain?.connections ?? 0);
    },
    close: async (grace) => void (await Promise.all([main.close(grace), plain?.close(grace)])),
  };
}

async function listen(parts: SouthParts, port: number, encrypted: boolean): Promise<DmEndpoint> {
  const { config, gateway, counters, overload, clock, log, recorder } = parts;
  const { south, limits, triggers } = config;
  return serveDm({
    listen: south.listen,
    port,
    ...(encrypted ? { tls: await tlsOptions(parts) } : {}),
    accepts: (path) => gateway.accepts(path),
    handler: gateway.handler,
    admits: (path) => gateway.isOpen(path) || overload?.admits('message') !== false,
    polls: {
      accepts: (path) => gateway.acceptsPoll(path),
      handler: gateway.pollHandler,
      answerTimeout: triggers.poll.wait + answerMargin,
    },
    limits: {
      bodyBytes: limits.messageBytes,
      headerTimeout: limits.headerTimeout,
      bodyTimeout: limits.bodyTimeout,
      answerTimeout: limits.deviceWait + answerMargin,
      maxConnections: south.maxConnections,
    },
    log,
    ...(counters === undefined ? {} : { counts: { counters, door: 'south' } }),
    clock,
    ...(recorder === undefined ? {} : { recorder }),
  });
}

async function tlsOptions({ config, directory, sealer, clock }: SouthParts) {
  const { south } = config;
  const told = south.publicUrl === undefined ? [] : [new URL(south.publicUrl).hostname.replace(/^\[|\]$/g, '')];
  const names = [...new Set([...namesOf(south.listen), ...told, ...south.names])];
  return serverTlsOptions({ credentials: await serverCredentials({ directory, names, clock, sealer }) });
}
