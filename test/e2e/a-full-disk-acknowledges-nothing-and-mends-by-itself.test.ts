import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { userOf } from '../../bench/process-cost.js';
import type { Line } from '../../src/programs/demo/child-program.js';
import { ask } from './ask.js';
import { eventually } from './eventually.js';
import { PatientDevice } from './patient-device.js';
import { runPostern } from './run-postern.js';
import { deviceId, Site } from './site.js';
import { SmallDisk, whyNoSmallDisk } from './small-disk.js';
import { withoutRights } from './without-rights.js';

const missing = whyNoSmallDisk();
/** Sessions that may still find room in files that are there. */
const mostSessions = 100;

describe.skipIf(missing !== undefined)(`on a disk of 16 MiB${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'postern-door-'));
  const socket = join(elsewhere, 'control.sock');
  const reported: string[] = [];
  const user = withoutRights();
  let disk: SmallDisk;
  let within: readonly string[];
  let site: Site;
  let device: PatientDevice;

  beforeAll(async () => {
    disk = await SmallDisk.mount(16, user.as);
    if (user.as !== undefined) chownSync(elsewhere, user.as, user.as);
    within = [...disk.within, ...user.within];
    site = await Site.open({ ...user, within, gatewayState: disk.folder, gateway: { control: { socket } } });
    expect(userOf(site.gateway.pid)).not.toBe(0);
    device = new PatientDevice(await site.addDevice());
    await device.session();
  });
  afterAll(async () => {
    device?.close();
    await site?.close();
    await disk?.unmount();
    rmSync(elsewhere, { recursive: true });
  });

  it('what cannot be kept is answered 503 and stays with the device; what only reads goes on', async () => {
    disk.fill();
    expect(await reportUntilRefused()).toBe(503);
    expect(device.waiting).toContain(reported.at(-1));
    const { status, body } = await ask(socket, '/readyz');
    expect([status, body]).toEqual([503, expect.stringMatching(/no room left to write .*gateway\.db/)]);
    expect((await ask(socket, '/healthz')).status).toBe(200);
    expect(await site.gatewayDoor.showDevice({ id: deviceId })).toMatchObject({ id: deviceId });
    expect((await ask(socket, '/metrics')).body).toContain('postern_ready 0');
    const { code, stderr } = await runPostern(['devices', 'rename', deviceId, 'Kitchen', '--socket', socket]);
    expect([code, stderr]).toEqual([1, expect.stringContaining('no room left')]);
    expect((await site.gatewayDoor.showDevice({ id: deviceId })).name).toBeUndefined();
  });

  it('with room it is ready by itself, though nobody asks it to write, and nothing that was acknowledged is lost', async () => {
    disk.free();
    await eventually('the gateway to be ready', async () => ((await ask(socket, '/readyz')).status === 200 ? true : undefined));
    while (device.waiting.length > 0) await device.session();
    await everythingHeard();
  });

  it('a start without room is safe mode and no boot loop, and becomes a start once there is room', async () => {
    // Again at the port that the device knows.
    await site.gateway.stop();
    await site.startGateway();
    await site.gateway.stop();
    // As after a restart of the machine: what programs share in memory is made anew.
    rmSync(disk.path('gateway.db-shm'), { force: true });
    disk.fill();
    const args = ['run', '--config', join(site.folder, 'gateway.yaml'), '--state', disk.folder, '--json'];
    const { program } = await site.start('gateway', args, isSafe, within);
    expect((await ask(socket, '/healthz')).status).toBe(503);
    const { state, reasons } = await site.gatewayDoor.status();
    expect([state, reasons]).toEqual(['safe-mode', expect.arrayContaining([expect.stringContaining('no room left')])]);
    expect(await device.session()).toMatchObject({ result: 'silence', detail: 'the server answered HTTP 503' });
    const listening = program.until(({ msg }) => msg === 'listening', 60_000);
    disk.free();
    await listening;
    expect(await device.session()).toMatchObject({ result: 'complete' });
    await everythingHeard();
    expect(await program.stop()).toBe(0);
  });

  async function reportUntilRefused(): Promise<number | undefined> {
    for (let count = 1; count <= mostSessions; count += 1) {
      reported.push(`report ${count}`);
      device.report(`report ${count}`);
      const session = await device.session();
      const last = device.exchanges.at(-1)?.reply.status;
      if (session.result !== 'complete') return last;
    }
    return undefined;
  }

  async function everythingHeard(): Promise<void> {
    await eventually('every report at the server', async () => {
      const heard = new Set((await site.serverDoor.listAlerts({ client: deviceId })).map(({ data }) => data));
      return reported.every((data) => heard.has(data)) ? true : undefined;
    });
  }
});

function isSafe({ msg }: Line): boolean {
  return typeof msg === 'string' && msg.startsWith('safe mode');
}
