import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { eventually } from '../../e2e/eventually.js';
import { Network, type Place } from '../../peers/network.js';
import { gatewayId } from './ssdp-site.js';

export interface Lan {
  readonly network: Network;
  readonly gateway: Place;
  readonly host: Place;
}

/**
 * A LAN with one cable:
 *
 *     gateway lan0 192.168.7.1/24 ───── eth0 192.168.7.20/24 host
 */
export function oneCableLan(): Lan {
  const network = new Network();
  onTestFinished(() => network.remove());
  const [gateway, host] = [network.place('gateway'), network.place('host')];
  network.cable({ place: gateway, device: 'lan0', address: '192.168.7.1/24' }, { place: host, device: 'eth0', address: '192.168.7.20/24' });
  return { network, gateway, host };
}

/** SSDP of a gateway, as a user without rights; what it tells, a line each. */
export async function startSsdp({ gateway }: Lan) {
  const program = fileURLToPath(new URL('ssdp-program.ts', import.meta.url));
  const args = ['--conditions=postern-source', '--import', 'tsx', program, 'lan0', gatewayId];
  const child = gateway.start(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: Record<string, unknown>[] = [];
  if (child.stdout) createInterface(child.stdout).on('line', (line) => lines.push(JSON.parse(line)));
  onTestFinished(() => stopped(child));
  const told = (what: string) => eventually(what, () => lines.find((line) => what in line));
  return { lines, told, opened: await told('open') };
}

/** Ends a program that the test has started. */
function stopped(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
