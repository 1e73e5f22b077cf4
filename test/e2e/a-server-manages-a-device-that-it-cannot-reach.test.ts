import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CommandResult, SmallServerCommand } from '#src/control/index.js';
import { type Device, deviceId, Site } from './site.js';

let site: Site;
let device: Device;

beforeAll(async () => {
  site = await Site.open();
  await site.addOwnAccount();
  device = await site.startDevice(await site.addDevice());
});
afterAll(() => site.close());

it('Get reads a leaf with its format, and the names below an interior node', async () => {
  const [leaf, interior] = await manage({ command: 'Get', uri: './Vendor/Lamp/Level' }, { command: 'Get', uri: './Vendor/Lamp' });
  expect(leaf).toMatchObject({ state: 'done', statuses: [{ status: 200 }] });
  expect(leaf?.results).toEqual([
    { uri: './Vendor/Lamp/Level', format: 'int', type: 'text/plain', data: await device.read('./Vendor/Lamp/Level') },
  ]);
  expect(interior?.results).toMatchObject([{ uri: './Vendor/Lamp', format: 'node' }]);
  expect(interior?.results[0]?.data?.split('/').sort()).toEqual(['Level', 'Name', 'On']);
});

it('Replace changes the device, and a Get in the same package reads the change back', async () => {
  const text = 'Lämpchen <&> 灯';
  const [replaced, readBack] = await manage(
    { command: 'Replace', uri: './Vendor/Lamp/Name', data: text, format: 'chr' },
    { command: 'Get', uri: './Vendor/Lamp/Name' },
  );
  expect(statuses(replaced)).toEqual([200]);
  expect(readBack?.results[0]?.data).toBe(text);
  expect(await device.read('./Vendor/Lamp/Name')).toBe(text);
});

it('Add makes a node once, Delete takes it away', async () => {
  const note = { command: 'Add', uri: './Vendor/Note', data: 'hello', format: 'chr' } as const;
  const added = await manage(note, note);
  expect(added.map(statuses)).toEqual([[200], [418]]);
  expect(await device.read('./Vendor/Note')).toBe('hello');
  const deleted = await manage({ command: 'Delete', uri: './Vendor/Note' }, { command: 'Delete', uri: './Vendor/Note' });
  expect(deleted.map(statuses)).toEqual([[200], [404]]);
  expect(await device.ask({ do: 'read', uri: './Vendor/Note' })).toMatchObject({ ok: false });
});

it('Exec runs a node once', async () => {
  const before = Number(await device.read('./Vendor/Count'));
  const [executed] = await manage({ command: 'Exec', uri: './Vendor/Counter' });
  expect(statuses(executed)).toEqual([200]);
  expect(Number(await device.read('./Vendor/Count'))).toBe(before + 1);
});

it('what cannot be done has the device’s own status', async () => {
  const outcomes = await manage(
    { command: 'Get', uri: './Vendor/Nothing' },
    { command: 'Replace', uri: './Vendor/Nothing', data: '1', format: 'int' },
    { command: 'Exec', uri: './Vendor/Nothing' },
    { command: 'Replace', uri: './Vendor/Count', data: '9', format: 'int' },
    { command: 'Delete', uri: './Vendor/Lamp' },
    { command: 'Exec', uri: './Vendor/Lamp/Level' },
    { command: 'Replace', uri: './Vendor/Lamp/Level', data: 'bright', format: 'int' },
  );
  expect(outcomes.map(statuses)).toEqual([[404], [404], [404], [405], [405], [405], [415]]);
  expect(outcomes.every(({ state, results }) => state === 'done' && results.length === 0)).toBe(true);
});

it('an Atomic is done whole', async () => {
  const [done] = await manage({ atomic: [replace('Level', '70'), replace('On', 'true')] });
  expect(statuses(done)).toEqual([200, 200, 200]);
  expect(await lamp()).toEqual({ Level: '70', On: 'true' });
});

it('or not at all', async () => {
  const before = await lamp();
  const [failed] = await manage({ atomic: [replace('Level', '1'), { command: 'Get', uri: './Vendor/Nothing' }, replace('On', 'false')] });
  expect(failed?.state).toBe('done');
  expect(statuses(failed)).toContain(507);
  expect(await lamp()).toEqual(before);
});

it('a Sequence is done in its order, each member with a status of its own', async () => {
  const [done] = await manage({
    sequence: [
      replace('Level', '5'),
      { command: 'Get', uri: './Vendor/Lamp/Level' },
      replace('Level', '6'),
      { command: 'Get', uri: './Vendor/Nothing' },
    ],
  });
  expect(done?.state).toBe('done');
  expect(done?.results.map(({ data }) => data)).toEqual(['5']);
  expect(statuses(done)).toEqual(expect.arrayContaining([200, 404]));
  expect((await lamp()).Level).toBe('6');
});

it('a leaf larger than a message arrives whole', async () => {
  const [read] = await manage({ command: 'Get', uri: './Vendor/Log' });
  const onDevice = await device.read('./Vendor/Log');
  expect(String(onDevice).length).toBeGreaterThan(40_000);
  expect(read?.results[0]?.data).toBe(onDevice);
});

it('the inventory and the server know what the device said of itself', async () => {
  const model = await device.read('./DevInfo/Mod');
  expect(await site.gatewayDoor.showDevice({ id: deviceId })).toMatchObject({
    status: 'attached',
    model,
    firmware: await device.read('./DevDetail/FwV'),
    association: { epoch: 1, reported: [{ serverId: 'operator', state: 'delivered' }] },
  });
  const alerts = await site.serverDoor.listAlerts({ client: site.devId });
  expect(alerts).toMatchObject([{ data: `${deviceId}/1`, count: 1 }]);
});

async function manage(...commands: SmallServerCommand[]): Promise<CommandResult[]> {
  const ids = await site.queue(commands);
  expect(await device.session()).toMatchObject({ ok: true });
  return site.outcomes(ids);
}

function statuses(outcome: CommandResult | undefined): number[] | undefined {
  return outcome?.statuses.map(({ status }) => status);
}

function replace(leaf: 'Level' | 'On', data: string) {
  return { command: 'Replace', uri: `./Vendor/Lamp/${leaf}`, data, format: leaf === 'On' ? 'bool' : 'int' } as const;
}

async function lamp() {
  return { Level: await device.read('./Vendor/Lamp/Level'), On: await device.read('./Vendor/Lamp/On') };
}
