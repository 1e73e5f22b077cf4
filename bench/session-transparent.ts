import type { Benchmark } from './benchmark.js';
import { type ComparedFleets, compareFleets } from './compared-fleets.js';
import { withGatewaySite } from './gateway-site.js';

const atOnce = 32;
type Form = 'absolute' | 'tunnel';

/** The sessions of `session.*` by the forward proxy, one connection per session everywhere, against a raw pass-through of Node. */
export const benchmarks: readonly Benchmark[] = [
  ...against('session.transparent', 'absolute', 'absolute', 0.9),
  // One question more for each session than the yardstick is asked.
  ...against('session.transparent.tunnel', 'tunnel', 'absolute', 0.9),
  ...against('session.transparent.tunnel.like', 'tunnel', 'tunnel'),
];

/** What all of them do, and what the process in the middle alone takes for it. */
function against(name: string, ours: Form, theirs: Form, goal?: number): Benchmark[] {
  let compared: Promise<ComparedFleets> | undefined;
  const compare = () => {
    compared ??= withGatewaySite({ devices: atOnce, mode: 'transparent' }, (site) =>
      compareFleets(site, site.relayed(ours), site.passed(theirs)),
    );
    return compared;
  };
  return [
    { name, run: async () => ({ ...(await compare()).rate, ...(goal === undefined ? {} : { goal }) }) },
    { name: `${name}.cpu`, run: async () => (await compare()).cpu },
  ];
}
