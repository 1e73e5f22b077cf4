export interface Floor {
  /** The lowest version that may ship. */
  readonly floor: string;
  /** The first major that may not. */
  readonly below?: string;
  readonly why: string;
}

/** A package counts only once it is in the production tree. */
export const floors: Readonly<Record<string, Floor>> = {
  'better-sqlite3': { floor: '12.11.1', below: '13.0.0', why: '13 needs Node-API 10 and crashes on Node 20' },
  aedes: { floor: '1.2.0', below: '2.0.0', why: 'four remote denials of service; the 2.0 beta lacks their fixes' },
  mqtt: { floor: '5.16.0', why: 'durable acknowledgement through handleMessage' },
  'node-ssdp': { floor: '4.0.1', why: 'the last release; fenced behind our own port' },
  neoip: {
    floor: '3.1.0',
    why: 'stands in for `ip`, which node-ssdp asks for: it takes private addresses for public ones, and nobody mends it',
  },
  'node-forge': { floor: '1.4.3', why: 'forged signatures and a leaf acting as CA below 1.4.0; checks of X.509 and padding below 1.4.3' },
  systeminformation: { floor: '5.33.23', why: 'command injection, nearly yearly' },
};

/** SPDX expressions that a closed or open product may ship with Apache-2.0. */
export const licences: readonly string[] = [
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  '(MIT OR WTFPL)',
  '(BSD-3-Clause OR GPL-2.0)',
  '(BSD-2-Clause OR MIT OR Apache-2.0)',
];
