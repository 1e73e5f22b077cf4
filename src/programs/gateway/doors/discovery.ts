import { type Clock, type Counters, type Entropy, type Log, Opened, PosternError } from '#src/base/index.js';
import type { GatewayConfig } from '#src/config/index.js';
import type { DhcpEventInput } from '#src/control/index.js';
import type { RunningDhcp } from '#src/discovery/index.js';
import type { Sightings } from '#src/gateway/index.js';
import { openOwnMdns } from './own-mdns.js';
import { openOwnSsdp } from './own-ssdp.js';

export interface DiscoveryParts {
  readonly config: GatewayConfig;
  /** The gateway's own. */
  readonly devId: string;
  readonly sightings: Sightings;
  /** Where the southern endpoint listens. */
  readonly southUrl: string;
  readonly counters: Counters;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
}

/** The ways by which devices on the LAN are noticed. */
export interface RunningDiscovery {
  /** Takes what the hook script of the DHCP server tells; absent where the configuration does not ask for it. */
  readonly dhcpEvent?: (event: DhcpEventInput) => void;
  close(): Promise<void>;
}

/** Opens what is configured; undefined where that is nothing, and then nothing is loaded. */
export async function openDiscovery(parts: DiscoveryParts): Promise<RunningDiscovery | undefined> {
  const { ssdp, mdns, dhcp } = parts.config.discovery;
  if (ssdp === undefined && mdns === undefined && dhcp === undefined) return undefined;
  return Opened.during(async (opened) => {
    if (ssdp !== undefined) opened.add(await openOwnSsdp(parts, ssdp));
    if (mdns !== undefined) opened.add(await openOwnMdns(parts, mdns));
    const leases = dhcp === undefined ? undefined : await openLeases(parts, dhcp);
    opened.add(() => leases?.close());
    const events = leases !== undefined && dhcp?.events === true ? { dhcpEvent: dhcpEventsTo(leases) } : {};
    return { ...events, close: () => opened.closeAll() };
  });
}

/** The part of the control service that takes DHCP events; empty where the configuration does not ask for it. */
export function dhcpDoor({ discovery }: GatewayConfig, running: () => RunningDiscovery | undefined) {
  if (discovery.dhcp?.events !== true) return {};
  const dhcpEvent = (event: DhcpEventInput) => {
    const take = running()?.dhcpEvent;
    if (take === undefined) throw new PosternError('control.unavailable', { what: 'the gateway is starting' });
    take(event);
  };
  return { dhcpEvent };
}

type DhcpSettings = NonNullable<GatewayConfig['discovery']['dhcp']>;

async function openLeases({ sightings, clock, log }: DiscoveryParts, { leaseFile, leaseInterval }: DhcpSettings): Promise<RunningDhcp> {
  const { openDhcp } = await import('#src/discovery/index.js');
  return openDhcp({ ...(leaseFile === undefined ? {} : { leaseFile }), leaseInterval, sightings, clock, log });
}

function dhcpEventsTo(leases: RunningDhcp): (event: DhcpEventInput) => void {
  return ({ remaining, vendorOptions, ...event }) =>
    leases.take({
      ...event,
      ...(remaining === undefined ? {} : { remaining: remaining * 1000 }),
      ...(vendorOptions === undefined ? {} : { vendorOptions: Buffer.from(vendorOptions, 'hex') }),
    });
}
