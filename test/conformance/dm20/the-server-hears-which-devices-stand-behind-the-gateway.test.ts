import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../../e2e/eventually.js';
import { type Device, deviceId, Site } from '../../e2e/site.js';
import { manageGateway, values } from '../management.js';

const attached = 'urn:oma:at:oma-gwmo:deviceattached:1.1';
const detached = 'urn:oma:at:oma-gwmo:devicedetached:1.0';

let site: Site;
let device: Device;

beforeAll(async () => {
  site = await Site.open();
  await site.addOwnAccount();
  device = await site.startDevice(await site.addDevice());
});
afterAll(() => site.close());

const discovered = 'DM20:DM-HLF-023, DM10:6.2-3, SCH:6.2-3, CP:6.2-3: the gateway tells the server, once, that it has the device';
it(discovered, async () => {
  const told = () => site.serverDoor.listAlerts({ client: site.devId });
  const first = await eventually('the alert', async () => ((await told()).length > 0 ? told() : undefined));
  expect(first).toMatchObject([{ type: attached, data: `${deviceId}/1`, count: 1 }]);
  await device.session();
  await site.gatewayDoor.testAccount({ serverId: 'operator' });
  expect(await told()).toMatchObject([{ count: 1 }]);
});

it('DM20:DM-HLF-023: who is behind the gateway can be read from its management tree', async () => {
  const record = `./GwInventory/Records/${deviceId}`;
  const results = await manageGateway(
    site,
    { command: 'Get', uri: './GwInventory/Records' },
    { command: 'Get', uri: `${record}/DeviceID` },
    { command: 'Get', uri: `${record}/Mod` },
  );
  expect(results.flatMap(values)).toEqual([
    `./GwInventory/Records = ${deviceId}`,
    `${record}/DeviceID = ${deviceId}`,
    `${record}/Mod = ${await device.read('./DevInfo/Mod')}`,
  ]);
});

it('DM20:DM-HLF-023: the gateway tells the server, once, that the device has left', async () => {
  await site.gatewayDoor.quarantineDevice({ id: deviceId });
  const told = async () => (await site.serverDoor.listAlerts({ client: site.devId })).filter(({ type }) => type === detached);
  const heard = await eventually('the alert', async () => ((await told()).length > 0 ? told() : undefined));
  expect(heard).toMatchObject([{ data: `${deviceId}/1`, count: 1 }]);
});
