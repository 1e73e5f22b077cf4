import { defaultPresenceSettings, type PresenceSettings, type Sighting, type TransparentSettings } from '#src/gateway/index.js';
import { declareOwnAccount, type GatewayOptions, type GatewayUnderTest, openGateway } from '../gateway-under-test.js';
import { FarServer, type ServerScript, until } from '../peers.js';

export const lamp = 'urn:uuid:00000000-0000-4000-8000-00000000000a';
export const second = 1_000;
export const minute = 60_000;
export const { settle, grace } = defaultPresenceSettings;

/** A gateway that discovers devices, and a server that is to hear of all of them. */
export interface PresenceSite {
  readonly under: GatewayUnderTest;
  readonly server: FarServer;
  see(more?: Partial<Sighting>): void;
  presence(id?: string): string | undefined;
}

interface SiteOptions extends GatewayOptions {
  readonly script?: ServerScript;
  readonly transparent?: TransparentSettings;
}

export async function openSite(
  presence: Partial<PresenceSettings> = { admission: 'open' },
  { script = {}, transparent, ...options }: SiteOptions = {},
): Promise<PresenceSite> {
  const server = await FarServer.open(script);
  const under = await openGateway({
    ...options,
    settings: { presence: { ...defaultPresenceSettings, ...presence }, ...(transparent ? { transparent } : {}) },
  });
  declareOwnAccount(under, server, { correlation: 'all' });
  under.gateway.start();
  return {
    under,
    server,
    see: (more = {}) => under.gateway.sightings.seen({ id: lamp, by: 'ssdp', ...more }),
    presence: (id = lamp) => under.store.inventory.find(id)?.presence,
  };
}

/** What a server was told, in the order in which it took it: `attached urn:x/1`. */
export function told({ alerts }: FarServer): string[] {
  return alerts.map(({ Item }) => `${/:device(attached|detached):/.exec(Item?.[0]?.Meta?.Type ?? '')?.[1]} ${String(Item?.[0]?.Data)}`);
}

/** What waits for the server or was told to it, as the store has it. */
export function queued({ store }: GatewayUnderTest): string[] {
  return store.outbox.pending('gateway', 'operator').map(({ origin }) => origin);
}

/** Waits until the server has been told so much, and has said what it makes of it. */
export async function heard({ under, server }: Pick<PresenceSite, 'under' | 'server'>, reports: number): Promise<void> {
  await until(() => server.alerts.length >= reports && under.gateway.sessions().length === 0);
}
