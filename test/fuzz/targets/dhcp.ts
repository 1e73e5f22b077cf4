import { macUrn, opsUrn, uuidUrn } from '#src/discovery/device-urn.js';
import { parseLeases } from '#src/discovery/dhcp/lease-file.js';
import { decodeDeviceIdentity } from '#src/discovery/dhcp/option-125.js';
import { plainLine } from '#src/discovery/plain-line.js';
import { matchesIn, type Span } from '../grammar.js';
import { hold } from '../oracle.js';
import type { FuzzTarget } from '../target.js';

const sub = (code: number, value: string) => Buffer.concat([Buffer.of(code, value.length), Buffer.from(value)]);
const identity = Buffer.concat([sub(1, '00D09E'), sub(2, 'SN-1'), sub(3, 'Lamp')]);
const option = Buffer.concat([Buffer.of(0, 0, 0x0d, 0xe9, identity.length), identity]);
const foreign = Buffer.of(0, 0, 0, 9, 2, 0xff, 0xff);
const leases = '1763700000 00:24:be:80:4f:f1 192.168.1.20 camera 01:00:24:be:80:4f:f1\n0 00:24:be:80:4f:f2 192.168.1.21 * *\nduid 00:01\n';
const words = ['\n', ' ', '*', '256.1.1.1', 'ff:ff:ff:ff:ff:ff', '99999999999', '-1', 'duid ', '\0', '\u202e', '😀', '\r'];

/** Option 125, and the lines of a lease file. */
export const dhcpTarget: FuzzTarget = {
  name: 'dhcp',
  share: 0.01,
  grammar: {
    seeds: [option, Buffer.concat([foreign, option]), Buffer.from(leases)],
    pieces: [...words.map((word) => Buffer.from(word)), sub(1, '00D09E'), sub(2, 'x'.repeat(65)), sub(3, '\x7f'), foreign, option],
    spansOf: (seed) => (seed[0] === 0 ? partsOf(seed) : [...matchesIn(seed, /[^\n]*\n/g), ...matchesIn(seed, /[^\s:]+|[\s:]/g)]),
  },
  check(input) {
    const found = decodeDeviceIdentity(input);
    const urn = found && opsUrn(found);
    hold(urn === undefined || /^urn:dev:(?:ops|os):[\w.%-]{1,120}$/.test(urn), 'an identity is a URN');
    for (const { mac, hostname } of parseLeases(input.toString('utf8')).leases) {
      const device = macUrn(mac);
      hold(device === undefined || /^urn:dev:mac:[0-9a-f]{16}$/.test(device), 'a MAC address is a URN');
      const line = hostname && plainLine(hostname);
      hold(line === undefined || (line.length <= 128 && !/\p{C}/u.test(line)), 'a name is plain');
    }
    uuidUrn(input.toString('latin1'));
  },
};

function partsOf(seed: Buffer): Span[] {
  return Array.from({ length: seed.length }, (_, at) => ({ start: at, end: Math.min(seed.length, at + 2 + (seed[at + 1] ?? 0)) }));
}
