import { readFileSync } from 'node:fs';

/** The row has an answer: ATF_COM. */
const complete = 0x2;
/** The largest part of the table that is looked at, in bytes. */
const mostBytes = 1024 * 1024;

/** The MAC address of a neighbour as the system knows it; undefined for one to whom nothing was sent yet. */
export type Neighbours = (address: string, device: string) => string | undefined;

/** Asks Linux's table of IPv4 neighbours. */
export function readNeighbour(address: string, device: string, file = '/proc/net/arp'): string | undefined {
  return neighbourIn(textOf(file), address, device);
}

/** Looks it up in the text of `/proc/net/arp`: address, type, flags, MAC address, mask, device. */
export function neighbourIn(table: string, address: string, device: string): string | undefined {
  for (const line of table.split('\n').slice(1)) {
    const [ip, , flags, mac, , on] = line.trim().split(/\s+/);
    if (ip === address && on === device && (Number(flags) & complete) !== 0) return mac;
  }
  return undefined;
}

/** Without the file there are no neighbours to know: it is Linux's. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').slice(0, mostBytes);
  } catch {
    return '';
  }
}
