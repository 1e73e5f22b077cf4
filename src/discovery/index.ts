export type { DhcpEvent } from './dhcp/lease-book.js';
export { type DhcpOptions, openDhcp, type RunningDhcp } from './dhcp/open-dhcp.js';
export { type Lan, lanOf } from './lan.js';
export { type MdnsOptions, openMdns, type RunningMdns } from './mdns/open-mdns.js';
export { openSsdp, type RunningSsdp, type SsdpOptions } from './ssdp/open-ssdp.js';
