import type { Benchmark } from './benchmark.js';
import { type ComparedFleets, compareFleets } from './compared-fleets.js';
import { withGatewaySite } from './gateway-site.js';
import { percentile } from './session-load.js';

const atOnce = 32;

/**
 * The sessions of `session.*` over TLS, with a handshake for each connection: the gateway south and north, and the yardstick alike; in
 * a tunnel devices speak TLS to the server, and neither the gateway nor the yardstick takes part in it.
 */
export const benchmarks: readonly Benchmark[] = [
  { name: 'session.proxy.tls', run: async () => (await proxied()).rate },
  { name: 'session.proxy.tls.cpu', run: async () => (await proxied()).cpu },
  { name: 'session.proxy.tls.p99', run: async () => ({ value: percentile((await proxied()).times, 0.99), unit: 'ms' }) },
  {
    name: 'session.transparent.tunnel.tls',
    run: () =>
      withGatewaySite({ devices: atOnce, mode: 'transparent', tls: true }, async (site) => {
        const { rate } = await compareFleets(site, site.relayed('tunnel'), site.passed('tunnel'));
        return { ...rate, goal: 0.9 };
      }),
  },
];

let compared: Promise<ComparedFleets> | undefined;

function proxied(): Promise<ComparedFleets> {
  compared ??= withGatewaySite({ devices: atOnce, mode: 'proxy', tls: true }, (site) => compareFleets(site, site.proxied(), site.passed()));
  return compared;
}
