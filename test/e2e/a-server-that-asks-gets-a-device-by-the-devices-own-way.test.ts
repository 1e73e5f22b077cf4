import { expect, it, onTestFinished } from 'vitest';
import { deviceId, Site } from './site.js';

/** What the device is started with, once its gateway runs. */
const ways = {
  poll: async () => ['--poll'],
  mqtt: async (site: Site) => ['--mqtt', (JSON.parse(await site.logged(/the broker listens/)) as { url: string }).url],
} as const;

it.each(['poll', 'mqtt'] as const)(
  "the server's trigger comes to the gateway, one of ours to the device by %s, and the session carries the command",
  async (by) => {
    const udp = { port: 0, devices: [{ id: deviceId, port: 0 }] };
    const site = await Site.open({ gateway: { triggers: { udp }, broker: { port: 0 } } });
    onTestFinished(() => site.close());
    const triggers = site.gatewayReady['triggers'] as string[];
    const reach = triggers.at(-1) ?? expect.fail('it listens for triggers of the device');
    const added = await site.addDevice({ trigger: { by }, reach, account: { polling: 'never' } });
    const device = await site.startDevice(added, await ways[by](site));
    const told = device.program.until(({ event }) => event === 'trigger', 30_000);
    const { id } = await site.serverDoor.queueCommand({ id: deviceId, command: 'Exec', uri: './Vendor/Counter', trigger: 'true' });
    expect(await told).toMatchObject({ by, ok: true });
    expect(await site.serverDoor.showCommand({ id, wait: 30 })).toMatchObject({ state: 'done', statuses: [{ status: 200 }] });
    expect(await device.read('./Vendor/Count')).toBe('1');
    const { pending, telling } = await site.gatewayDoor.listTriggers();
    expect([pending, telling]).toEqual([[], []]);
  },
);
