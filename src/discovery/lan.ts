import { networkInterfaces } from 'node:os';
import { PosternError } from '#src/base/index.js';

/** The IPv4 network of one interface. */
export interface Lan {
  /** What the interface is called, such as `br-lan`. */
  readonly device: string;
  /** Our own address on it. */
  readonly address: string;
  /** Whether an address is of this network; its own and the broadcast address are no neighbours, but on it. */
  isOnLink(address: string): boolean;
}

/** The network of an interface as it is now. @throws PosternError `discovery.interface` */
export function lanOf(device: string, interfaces = networkInterfaces()): Lan {
  const found = interfaces[device]?.find(({ family }) => family === 'IPv4');
  if (found === undefined) {
    const known = Object.keys(interfaces).filter((name) => interfaces[name]?.some(({ family }) => family === 'IPv4'));
    throw new PosternError('discovery.interface', { device, known: known.join(', ') });
  }
  const mask = numberOf(found.netmask) ?? 0xffffffff;
  const network = ((numberOf(found.address) ?? 0) & mask) >>> 0;
  return {
    device,
    address: found.address,
    isOnLink: (address) => {
      const number = numberOf(address);
      return number !== undefined && (number & mask) >>> 0 === network;
    },
  };
}

function numberOf(address: string): number | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address)?.slice(1).map(Number);
  return parts === undefined || parts.some((part) => part > 255) ? undefined : parts.reduce((sum, part) => sum * 256 + part, 0);
}
