import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Device, deviceId, Site } from './site.js';

let site: Site;
let device: Device;
let restart: () => Promise<Device>;

beforeAll(async () => {
  // Messages so small that the 50 kB of ./Vendor/Log take dozens of them: time to be killed in.
  site = await Site.open({ gateway: { limits: { sessionIdle: '1s', maxMsgSize: '2KiB' } } });
  const added = await site.addDevice();
  restart = () => site.startDevice(added);
  device = await restart();
});
afterAll(() => site.close());

it('nothing is reported that the device did not say, and after its return nothing has run twice', async () => {
  // The device executes both, but its status of the Exec would come only after the whole log.
  const [get = '', exec = ''] = await site.queue([
    { command: 'Get', uri: './Vendor/Log' },
    { command: 'Exec', uri: './Vendor/Counter' },
  ]);
  const inside = device.program.until(({ event, msgId }) => event === 'said' && Number(msgId) >= 6, 20_000);
  device.program.say({ do: 'session' });
  await inside;
  await device.program.kill();
  expect(await site.outcomes([get, exec])).toMatchObject([{ state: 'sent' }, { state: 'sent' }]);
  await site.logged(/the session with the DM server ended early/);

  // The Get had its status, and its value is missing; what became of the Exec nobody has said.
  const [read, executed] = await site.outcomes([get, exec]);
  expect(read).toMatchObject({
    state: 'done',
    statuses: [{ status: 200 }],
    results: [],
    reason: expect.stringContaining('before the value came'),
  });
  expect(executed).toMatchObject({ state: 'sent', statuses: [], results: [] });

  device = await restart();
  const [inDoubt] = await site.outcomes([exec]);
  expect(inDoubt).toMatchObject({ state: 'aborted', statuses: [], results: [], reason: expect.stringContaining('in doubt') });
  expect(await device.read('./Vendor/Count')).toBe('1');
});

it('and management goes on', async () => {
  const ids = await site.queue([{ command: 'Exec', uri: './Vendor/Counter' }]);
  expect(await device.session()).toMatchObject({ ok: true });
  expect(await site.outcomes(ids)).toMatchObject([{ state: 'done', statuses: [{ status: 200 }] }]);
  expect(await device.read('./Vendor/Count')).toBe('2');
  expect((await site.gatewayDoor.showDevice({ id: deviceId })).association.epoch).toBe(1);
});
