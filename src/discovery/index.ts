export { type MdnsOptions, openMdns, type RunningMdns } from './mdns/open-mdns.js';
