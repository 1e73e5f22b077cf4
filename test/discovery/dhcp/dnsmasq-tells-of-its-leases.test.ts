import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { controlApi } from '#src/api/index.js';
import { silentLog, systemClock } from '#src/base/index.js';
import type { DhcpEventInput } from '#src/control/index.js';
import { parseLeases } from '#src/discovery/dhcp/lease-file.js';
import { openDhcp, type RunningDhcp } from '#src/discovery/index.js';
import { type LocalServer, serveUnix } from '#src/transport/index.js';
import { MemoryGateway } from '../../api/memory-gateway.js';
import { eventually } from '../../e2e/eventually.js';
import { ended } from '../../peers/avahi.js';
import { Dnsmasq, whyNoDnsmasq } from '../../peers/dnsmasq.js';
import { Network } from '../../peers/network.js';
import { SightingsKept } from '../sightings-kept.js';

/** Option 125 of a device: OUI 00AABB, serial number SN1, product class Box. */
const option125 = '125:00000de9120106303041414242' + '0203534e310303426f78';
const id = 'urn:dev:ops:00AABB-Box-SN1';

describe.skipIf(whyNoDnsmasq() !== undefined)('with dnsmasq, whose hook script calls postern dhcp-event', () => {
  const network = new Network();
  const sightings = new SightingsKept();
  const folder = mkdtempSync(join(tmpdir(), 'postern-'));
  const socket = join(folder, 'control.sock');
  let server: LocalServer;
  let dnsmasq: Dnsmasq;
  let client: ChildProcess;

  beforeAll(async () => {
    const dhcp = openDhcp({ leaseInterval: 10_000, sightings, clock: systemClock, log: silentLog });
    server = await serveUnix({ socket, fetch: controlApi(new LeasesTaken(dhcp), silentLog).fetch, log: silentLog });
    const [router, device] = [network.place('router'), network.place('device')];
    network.cable({ place: router, device: 'lan0', address: '192.168.7.1/24' }, { place: device, device: 'eth0' });
    const hook = `cd ${process.cwd()} && exec ${process.execPath} --conditions=postern-source --import tsx src/programs/postern/main.ts --socket ${socket} dhcp-event "$@"`;
    dnsmasq = new Dnsmasq(router, { device: 'lan0', range: '192.168.7.100,192.168.7.120,2h', hook });
    client = dnsmasq.client(device, 'eth0', 'hostname:camera', option125);
  }, 60_000);

  afterAll(async () => {
    await dnsmasq?.stop();
    await server?.close(0);
    network.remove();
    rmSync(folder, { recursive: true });
  });

  test('a new lease is a device with the identity of its option 125', async () => {
    const sighting = await eventually('the lease', () => sightings.all[0]);
    expect(sighting).toMatchObject({ id, by: 'dhcp', name: 'camera', address: expect.stringMatching(/^192\.168\.7\.1[012]\d$/) });
    expect(sighting.heartbeat).toBeGreaterThan(7_000_000);
    expect(sighting.heartbeat).toBeLessThanOrEqual(7_200_000);
  });

  test('its lease file is one that we read', async () => {
    const { leases, skipped } = parseLeases(await dnsmasq.leases());
    expect(leases).toMatchObject([{ hostname: 'camera', address: sightings.all[0]?.address, expires: expect.any(Number) }]);
    expect(skipped).toBe(0);
  });

  test('a lease that is given back takes the device away', async () => {
    await ended(client);
    await eventually('the end of the lease', () => (sightings.left.includes(id) ? true : undefined));
  });
});

/** The control interface, as far as the verb needs it. */
class LeasesTaken extends MemoryGateway {
  readonly #dhcp: RunningDhcp;

  constructor(dhcp: RunningDhcp) {
    super();
    this.#dhcp = dhcp;
  }

  override async dhcpEvent({ remaining, vendorOptions: _, ...event }: DhcpEventInput) {
    this.#dhcp.take({ ...event, remaining: remaining === undefined ? undefined : remaining * 1000 });
  }
}
