import { BlockList, isIP } from 'node:net';

/**
 * Addresses that are not of the public Internet: our own, the LAN's, those of links, those for examples, groups of hosts, and IPv6
 * ranges that carry an IPv4 address in them, which could be any of these.
 * @see IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890)
 */
const reserved = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
  ['::', 8],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fe80::', 9],
  ['ff00::', 8],
] as const;

/** One for each family: a list takes an IPv4 address for its IPv6 form, and all of those are reserved. */
const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
for (const [address, prefix] of reserved) lists[familyOf(address)].addSubnet(address, prefix, familyOf(address));

/** Whether nothing public can be at an address. What is no address counts as reserved. */
export function isReserved(address: string): boolean {
  return isIP(address) === 0 || lists[familyOf(address)].check(address, familyOf(address));
}

/** Whether an address lies in a network; an address alone is one of full length. */
export function liesIn(address: string, network: string, prefix?: number): boolean {
  if (isIP(address) === 0 || isIP(network) !== isIP(address)) return false;
  const family = familyOf(network);
  const one = new BlockList();
  one.addSubnet(network, prefix ?? (family === 'ipv6' ? 128 : 32), family);
  return one.check(address, family);
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}
