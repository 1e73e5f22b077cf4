import type { Milliseconds } from '#src/base/index.js';

/** Who shows up at the forward proxy. */
export interface Caller {
  /** Its address on the LAN. */
  readonly address: string;
  /** Whether it came over TLS. */
  readonly encrypted: boolean;
  /** Its Proxy-Authorization, as it stands in the request. */
  readonly authorization?: string;
}

/** Where it wants to go. */
export interface Destination {
  /** A name or an address in lower case, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

/** The DevId of the device that this is; `wait`: its credentials are not looked at until then; undefined: it has to show credentials first. */
export type Identified = string | { readonly wait: Milliseconds } | undefined;

/** What the forward proxy asks before it lets anybody out. */
export interface Gatekeeper {
  identify(caller: Caller): Identified;
  /** Whether a device may go there. Asked before the name is resolved, so that nobody can make us look up names. */
  permits(device: string, destination: Destination): boolean;
  /** Whether what the name was resolved to may be connected to: a name must not lead into the LAN by surprise. */
  permitsAddress(device: string, destination: Destination, address: string): boolean;
  /** The device is here; resolves when what follows from that is durable, or could not be made so. */
  contact(device: string, address: string): Promise<void>;
}

/** Hosts that every transparent device may go to: a name, an address, or all addresses that begin as this one does. */
export interface AllowedPlace {
  readonly host: string;
  /** Leading bits of a network; absent: the host alone. */
  readonly prefix?: number;
  readonly port: number;
}

/** What the operator says about transparent mode. */
export interface TransparentSettings {
  readonly allow: readonly AllowedPlace[];
  /** The device that an address of the LAN belongs to by the operator's word, its DevId by the address. */
  readonly addresses: ReadonlyMap<string, string>;
}
