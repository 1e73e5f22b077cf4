import type { Milliseconds } from '#src/base/index.js';

/** By what a device was noticed: its own DM session, or a way of discovery. */
export type SightedBy = 'session' | 'ssdp' | 'mdns' | 'broker' | 'dhcp';

/** Something on the LAN has been noticed. Nothing in it is proved unless it came by a `session` or an authenticated broker connection. */
export interface Sighting {
  /** DevId URN, which no gateway gave it: `urn:uuid:…`, `urn:dev:mac:…`, `urn:dev:ops:<OUI>-<ProductClass>-<Serial>`. */
  readonly id: string;
  readonly by: SightedBy;
  /** On the LAN. */
  readonly address?: string;
  /** What it calls itself, for people. */
  readonly name?: string;
  readonly manufacturer?: string;
  readonly model?: string;
  readonly firmware?: string;
  /** It promised to be heard again within this time: after it, silence counts. Absent: silence means nothing. */
  readonly heartbeat?: Milliseconds;
}

/** Whom the ways of discovery tell. Neither call throws, and both are cheap when nothing is new. */
export interface Sightings {
  seen(sighting: Sighting): void;
  /** It said goodbye, or its connection or lease ended, by this way; another way may still see it. */
  gone(id: string, by: SightedBy): void;
}
