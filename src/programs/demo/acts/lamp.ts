import { gwmoAlertTypes } from '#src/dm/objects/index.js';
import { lamp, operatorId } from '../cast.js';
import { listeningSockets } from '../listening-sockets.js';
import { ended, isDone, manage, queue, seenBy } from '../managing.js';
import { eventually } from '../patience.js';
import type { Stage } from '../stage.js';
import type { Step } from '../step.js';

const level = './Vendor/Lamp/Level';
const note = './Vendor/Note';
const counter = './Vendor/Counter';
const count = './Vendor/Count';

export async function unreachable({ lamp: { program } }: Stage): Promise<Step> {
  const sockets = listeningSockets(program.pid);
  const evidence = { devicePid: program.pid, listeningSockets: sockets ?? 'not known on this system' };
  const seen = [`process ${program.pid} listens on ${sockets ?? 'an unknown number of'} sockets`];
  return { name: 'nobody can reach the device: it listens on no socket', ok: sockets === 0 || sockets === undefined, evidence, seen };
}

export async function firstContact(stage: Stage): Promise<Step> {
  const session = await stage.lamp.session();
  const device = await stage.gateway.door.showDevice({ id: lamp.id });
  const said = { model: await stage.lamp.read('./DevInfo/Mod'), firmware: await stage.lamp.read('./DevDetail/FwV') };
  const ok = session && device.status === 'attached' && device.model === said.model && device.firmware === said.firmware;
  const seen = [
    `inventory: ${lamp.id}, "${device.name}", ${device.manufacturer} ${device.model} ${device.firmware}, at ${device.address}, ${device.status}`,
  ];
  return { name: 'the gateway knows the device from its own session', ok, evidence: { inventory: device, device: said }, seen };
}

export async function serverWasTold({ operator, gateway }: Stage): Promise<Step> {
  const told = await eventually(async () => {
    const alerts = await operator.door.listAlerts({ client: gateway.devId });
    const attached = alerts.filter(({ type }) => type === gwmoAlertTypes.deviceAttached);
    return attached.length > 0 ? attached : undefined;
  });
  const ok = told?.length === 1 && told[0]?.data === `${lamp.id}/1` && told[0].count === 1;
  const seen = (told ?? []).map(({ type, data, count }) => `the gateway reported ${type} "${data}" (counted ${count}×)`);
  return { name: 'the DM server was told, once, that the gateway has the device', ok, evidence: { alerts: told ?? [] }, seen };
}

export async function read({ operator, lamp }: Stage): Promise<Step> {
  const [result] = await manage(operator, lamp, [{ command: 'Get', uri: './DevInfo/Mod' }]);
  const onDevice = await lamp.read('./DevInfo/Mod');
  const ok = result?.results[0]?.data === onDevice;
  return { name: 'the DM server reads the device', ok, evidence: { server: result, device: onDevice }, seen: seenBy('Get', result) };
}

export async function change({ operator, lamp }: Stage): Promise<Step> {
  const before = await lamp.read(level);
  const wanted = before === '42' ? '43' : '42';
  const [replaced, readBack] = await manage(operator, lamp, [
    { command: 'Replace', uri: level, data: wanted, format: 'int' },
    { command: 'Get', uri: level },
  ]);
  const after = await lamp.read(level);
  const ok = isDone(replaced) && after === wanted && readBack?.results[0]?.data === wanted;
  const evidence = { server: [replaced, readBack], device: { before, after } };
  const seen = [...seenBy(`Replace by ${wanted}`, replaced), ...seenBy('Get', readBack), `on the device: ${before} → ${after}`];
  return { name: 'the DM server changes the device and reads the change back', ok, evidence, seen };
}

export async function addAndDelete({ operator, lamp }: Stage): Promise<Step> {
  const [added] = await manage(operator, lamp, [{ command: 'Add', uri: note, data: 'hello', format: 'chr' }]);
  const between = await lamp.read(note);
  const [deleted] = await manage(operator, lamp, [{ command: 'Delete', uri: note }]);
  const after = await lamp.read(note);
  const ok = isDone(added) && between === 'hello' && isDone(deleted) && after === undefined;
  const evidence = { server: [added, deleted], device: { between, after: after ?? null } };
  return { name: 'it adds a node and deletes it again', ok, evidence, seen: [...seenBy('Add', added), ...seenBy('Delete', deleted)] };
}

export async function execute({ operator, lamp }: Stage): Promise<Step> {
  const before = Number(await lamp.read(count));
  const [executed] = await manage(operator, lamp, [{ command: 'Exec', uri: counter }]);
  const after = Number(await lamp.read(count));
  const evidence = { server: executed, device: { before, after } };
  const seen = [...seenBy('Exec', executed), `the device counted ${before} → ${after}`];
  return { name: 'it executes a node, once', ok: isDone(executed) && after === before + 1, evidence, seen };
}

export async function deviceReports({ operator, lamp }: Stage): Promise<Step> {
  const report = { type: 'urn:oma:at:x-postern-demo:button:1.0', data: `pressed at ${new Date().toISOString()}` };
  await lamp.ask({ do: 'alert-and-session', ...report, format: 'chr' });
  const heard = await eventually(async () => {
    const alerts = await operator.door.listAlerts({ client: lamp.id });
    return alerts.find(({ type, data }) => type === report.type && data === report.data);
  });
  const evidence = { server: heard ?? null, device: report };
  const seen = [`the device reported ${report.type} "${report.data}"`];
  return { name: 'a report of the device reaches the DM server', ok: heard?.count === 1, evidence, seen };
}

export async function inventoryObject({ operator, gateway }: Stage): Promise<Step> {
  const uri = `./GwInventory/Records/${lamp.id}/Mod`;
  const queued = await queue(operator, gateway.devId, [{ command: 'Get', uri }]);
  const session = await gateway.door.testAccount({ serverId: operatorId });
  const [result] = await ended(operator, queued);
  const { model } = await gateway.door.showDevice({ id: lamp.id });
  const ok = session.ok && result?.results[0]?.data === model;
  const evidence = { server: result, inventory: model ?? null };
  return { name: "the DM server reads the gateway's inventory from its management tree", ok, evidence, seen: seenBy('Get', result) };
}
