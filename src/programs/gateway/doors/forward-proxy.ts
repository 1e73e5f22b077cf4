import type { Clock, Counters, Log, Overload } from '#src/base/index.js';
import type { GatewayConfig } from '#src/config/index.js';
import type { Gatekeeper } from '#src/gateway/index.js';
import { type Sealer, serverCredentials, serverTlsOptions } from '#src/security/index.js';
import { serveForwardProxy } from '#src/transport/index.js';
import { namesOf, originOf } from '../../own-addresses.js';

export interface RunningProxy {
  /** What devices set as their proxy. */
  readonly url: string;
  /** How many are open now. */
  readonly connections: number;
  close(grace: number): Promise<void>;
}

export interface ProxyParts {
  readonly config: GatewayConfig;
  readonly directory: string;
  /** Absent: the private keys stay as they are. */
  readonly sealer?: Sealer;
  readonly gatekeeper: Gatekeeper;
  readonly counters: Counters;
  readonly overload?: Overload;
  readonly clock: Clock;
  readonly log: Log;
}

/** Opens the forward proxy of transparent mode; undefined where the configuration has none. */
export async function openForwardProxy(parts: ProxyParts): Promise<RunningProxy | undefined> {
  const { config, gatekeeper, counters, overload, clock, log } = parts;
  const { listen, port, tls, maxConnections, perDevice, connectTimeout, idle } = config.transparent;
  if (port === undefined) return undefined;
  const { headerTimeout } = config.limits;
  const proxy = await serveForwardProxy({
    listen,
    port,
    ...(tls ? { tls: await tlsOptions(parts) } : {}),
    gatekeeper,
    limits: { maxConnections, perDevice, headerTimeout, connectTimeout, idleTimeout: idle },
    log,
    counts: { counters, door: 'proxy' },
    ...(overload === undefined ? {} : { overload }),
    clock,
  });
  const url = originOf(listen, proxy.port, tls);
  log.info({ url }, 'the forward proxy listens');
  return {
    url,
    get connections() {
      return proxy.connections;
    },
    close: (grace) => proxy.close(grace),
  };
}

/** The certificate is the southern endpoint's, so it has the names of both. */
async function tlsOptions({ config, directory, sealer, clock }: ProxyParts) {
  const { south, transparent } = config;
  const told = south.publicUrl === undefined ? [] : [new URL(south.publicUrl).hostname.replace(/^\[|\]$/g, '')];
  const names = [...new Set([...namesOf(south.listen), ...told, ...south.names, ...namesOf(transparent.listen)])];
  return serverTlsOptions({ credentials: await serverCredentials({ directory, names, clock, sealer }) });
}
