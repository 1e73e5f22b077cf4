import type { GatewayConfig } from '#src/config/index.js';
import type { Lan } from '#src/discovery/index.js';
import { originOf } from '../../own-addresses.js';
import type { DiscoveryParts } from './discovery.js';

const everywhere = ['0.0.0.0', '::'];

/** Notices devices by SSDP and makes the gateway known. @returns how to stop it */
export async function openOwnSsdp(
  parts: DiscoveryParts,
  settings: NonNullable<GatewayConfig['discovery']['ssdp']>,
): Promise<() => Promise<void>> {
  const { config, devId, sightings, counters, clock, entropy, log } = parts;
  const { interfaces, searchInterval, respond, descriptionPort: port } = settings;
  const { openSsdp } = await import('#src/discovery/index.js');
  const answers = respond ? { respond: { port, facts: (lan: Lan) => ownFacts(parts, lan) } } : {};
  const ssdp = await openSsdp({ interfaces, searchInterval, devId, sightings, ...answers, counters, clock, entropy, log });
  log.info({ interfaces, respond, as: config.gateway.name }, 'devices are looked for by SSDP');
  return () => ssdp.close();
}

function ownFacts(parts: DiscoveryParts, lan: Lan) {
  const { gateway } = parts.config;
  const dmAddress = dmAddressOn(parts, lan);
  return { name: gateway.name, serverId: gateway.serverId, ...(dmAddress === undefined ? {} : { dmAddress }) };
}

/** Where devices of this network open their sessions; undefined: nothing listens for them there. */
function dmAddressOn({ config, southUrl, log }: DiscoveryParts, { address, device }: Lan): string | undefined {
  const { listen, port, publicUrl, tls, paths } = config.south;
  if (publicUrl !== undefined) return publicUrl;
  if (!everywhere.includes(listen) && listen !== address) {
    log.warn({ listen, interface: device }, 'devices find the gateway by SSDP and no address in it: south.listen is none of this LAN');
    return undefined;
  }
  return originOf(address, port === 0 ? Number(new URL(southUrl).port) : port, tls) + (paths[0] ?? '');
}
