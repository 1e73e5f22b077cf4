import type { Clock, Counters, Log, LoginLimit, Milliseconds, Overload } from '#src/base/index.js';
import type { GatewayConfig } from '#src/config/index.js';
import type { DevicePublisher, GatewayStore, Sightings } from '#src/gateway/index.js';
import { type Sealer, serverCredentials, serverTlsOptions } from '#src/security/index.js';
import { namesOf } from '../../own-addresses.js';

export interface RunningBroker {
  /** What devices connect to, such as `mqtts://192.0.2.1:8883`. */
  readonly url: string;
  readonly publisher: DevicePublisher;
  /** Connections that are open, known or not. */
  readonly connections: number;
  close(grace: Milliseconds): Promise<void>;
}

export interface BrokerParts {
  readonly config: GatewayConfig;
  readonly directory: string;
  /** Absent: the private keys stay as they are. */
  readonly sealer?: Sealer;
  readonly store: GatewayStore;
  readonly logins: LoginLimit;
  readonly sightings?: Sightings;
  readonly counters?: Counters;
  readonly overload?: Overload;
  readonly clock: Clock;
  readonly log: Log;
}

/** Opens the embedded broker; undefined where the configuration has none. */
export async function openEmbeddedBroker(parts: BrokerParts): Promise<RunningBroker | undefined> {
  const { config, store, logins, sightings, counters, overload, clock, log } = parts;
  const { listen, port, tls, limits, queue, retained } = config.broker;
  if (port === undefined) return undefined;
  const { openBroker } = await import('#src/broker/index.js');
  const { inventory } = store;
  const broker = await openBroker({
    listen,
    port,
    ...(tls ? { tls: await tlsOptions(parts) } : {}),
    limits: { ...limits, frameBytes: limits.packetBytes, retained, queue },
    devices: {
      get: (id) => inventory.get(id),
      named: (userName) => inventory.named(userName),
      admits: ({ presence }) => presence !== 'quarantined',
    },
    queue: store.deviceQueue,
    logins,
    committed: () => store.committed(),
    ...(sightings === undefined ? {} : { sightings }),
    ...(counters === undefined ? {} : { counters }),
    ...(overload === undefined ? {} : { overload }),
    clock,
    log,
  });
  const host = listen.includes(':') ? `[${listen}]` : listen;
  const url = `${tls ? 'mqtts' : 'mqtt'}://${host}:${broker.port}`;
  log.info({ url }, 'the broker listens');
  if (!tls) log.warn({ url }, 'the broker takes passwords of devices unencrypted');
  return {
    url,
    publisher: broker,
    get connections() {
      return broker.connections;
    },
    close: (grace) => broker.close(grace),
  };
}

/** The certificate is the southern endpoint's, so it has the names of both. */
async function tlsOptions({ config, directory, sealer, clock }: BrokerParts) {
  const { south, broker } = config;
  const told = south.publicUrl === undefined ? [] : [new URL(south.publicUrl).hostname.replace(/^\[|\]$/g, '')];
  const names = [...new Set([...namesOf(south.listen), ...told, ...south.names, ...namesOf(broker.listen)])];
  return serverTlsOptions({ credentials: await serverCredentials({ directory, names, clock, sealer }) });
}
