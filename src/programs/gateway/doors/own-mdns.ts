import type { GatewayConfig } from '#src/config/index.js';
import type { Lan } from '#src/discovery/index.js';
import type { DiscoveryParts } from './discovery.js';

const everywhere = ['0.0.0.0', '::'];

/** Notices devices by mDNS and makes the gateway known. @returns how to stop it */
export async function openOwnMdns(
  parts: DiscoveryParts,
  settings: NonNullable<GatewayConfig['discovery']['mdns']>,
): Promise<() => Promise<void>> {
  const { config, sightings, southUrl, counters, clock, entropy, log } = parts;
  const { interfaces, services: types, searchInterval: every } = settings;
  const { lanOf, openMdns } = await import('#src/discovery/index.js');
  const told =
    settings.advertise &&
    isReachable(
      parts,
      interfaces.map((device) => lanOf(device)),
    );
  const advertise = told ? { advertise: ownService(config, southUrl) } : {};
  const mdns = await openMdns({ interfaces, types, every, ...advertise, sightings, counters, clock, entropy, log });
  return () => mdns.close();
}

function ownService({ gateway, south }: GatewayConfig, southUrl: string) {
  const { name } = gateway;
  // The public address may be that of somebody in front of us; 0 is any free port, which only the address tells.
  const port = south.port === 0 ? Number(new URL(southUrl).port) : south.port;
  return { name, port, path: south.paths[0] ?? '/', tls: south.tls };
}

/** What devices cannot connect to is not made known. */
function isReachable({ config, log }: DiscoveryParts, lans: readonly Lan[]): boolean {
  const { listen } = config.south;
  if (everywhere.includes(listen) || lans.every(({ address }) => address === listen)) return true;
  log.warn({ listen }, 'the gateway is not made known by mDNS: south.listen is no address of the LAN');
  return false;
}
