import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../../e2e/eventually.js';
import { whyNoPrograms } from '../../peers/debian.js';
import { whyNoNetwork } from '../../peers/network.js';
import { type Lan, oneCableLan, startSsdp } from './real-programs.js';
import { deviceId } from './ssdp-site.js';

const why = whyNoNetwork() ?? whyNoPrograms(['miniupnpd', 'nft'], ['miniupnpd-nftables', 'nftables']);

/** An Internet gateway device (IGD:2) with a far side of its own. */
async function startMiniupnpd({ network, host }: Lan) {
  const far = network.place('far');
  network.cable({ place: host, device: 'wan0', address: '203.0.113.5/24' }, { place: far, device: 'eth0', address: '203.0.113.1/24' });
  const folder = mkdtempSync(join(tmpdir(), 'miniupnpd-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  // It refuses an outer address that is reserved; nothing is ever sent there.
  const lines = [
    ['ext_ifname', 'wan0'],
    ['ext_ip', '1.2.3.4'],
    ['listening_ip', 'eth0'],
    ['port', '0'],
    ['enable_upnp', 'yes'],
    ['enable_natpmp', 'no'],
    ['uuid', deviceId.slice('urn:uuid:'.length)],
    ['friendly_name', 'Hall router'],
    ['notify_interval', '60'],
  ];
  writeFileSync(join(folder, 'conf'), lines.map(([key, value]) => `${key}=${value}\n`).join(''));
  // It goes to the background by itself.
  host.run('miniupnpd', '-f', join(folder, 'conf'), '-P', join(folder, 'pid'));
  const pid = await eventually('its pid', () => numberIn(join(folder, 'pid')));
  let running = true;
  const stop = () => {
    if (running) process.kill(pid, 'SIGTERM');
    running = false;
  };
  onTestFinished(stop);
  return stop;
}

function numberIn(file: string): number | undefined {
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) || undefined : undefined;
}

test.skipIf(why !== undefined)(
  'DM10:6.3.4-1, SCH:6.3.4-1, DM10:6.3.3.1-1, SCH:6.3.3.1-1: miniupnpd is seen with its name and promise, and gone when it stops',
  async () => {
    const lan = oneCableLan();
    const { told, opened } = await startSsdp(lan);
    expect(opened).toMatchObject({ uid: 65_534 });
    const stop = await startMiniupnpd(lan);
    const { seen } = await told('seen');
    expect(seen).toMatchObject({ id: deviceId, by: 'ssdp', address: '192.168.7.20', name: 'Hall router', heartbeat: expect.any(Number) });
    stop();
    expect(await told('gone')).toEqual({ gone: deviceId, by: 'ssdp' });
  },
);
