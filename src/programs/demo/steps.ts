import { setTimeout as pause } from 'node:timers/promises';
import type { CommandResult, SmallServerCommand } from '#src/control/index.js';
import { gwmoAlertTypes } from '#src/dm/objects/index.js';
import type { Line } from './child-program.js';
import { listeningSockets } from './listening-sockets.js';
import { deviceId, type Stage, serverId } from './stage.js';

/** What was shown, whether it was so at the far end, and how that was seen. */
export interface Step {
  readonly name: string;
  readonly ok: boolean;
  readonly evidence: Readonly<Record<string, unknown>>;
  /** The evidence in a few words, for people. */
  readonly seen: readonly string[];
}

const patience = 30_000;
const lampLevel = './Vendor/Lamp/Level';
const note = './Vendor/Note';
const counter = './Vendor/Counter';
const count = './Vendor/Count';

/** The play, step by step; each is verified at the end that it concerns. */
export const steps: readonly ((stage: Stage) => Promise<Step>)[] = [
  unreachable,
  firstContact,
  serverWasTold,
  read,
  change,
  addAndDelete,
  execute,
  deviceReports,
  inventoryObject,
];

async function unreachable({ device }: Stage): Promise<Step> {
  const sockets = listeningSockets(device.pid);
  const evidence = { devicePid: device.pid, listeningSockets: sockets ?? 'not known on this system' };
  const seen = [`process ${device.pid} listens on ${sockets ?? 'an unknown number of'} sockets`];
  return { name: 'nobody can reach the device: it listens on no socket', ok: sockets === 0 || sockets === undefined, evidence, seen };
}

async function firstContact(stage: Stage): Promise<Step> {
  const session = await runSession(stage);
  const device = await stage.gatewayDoor.showDevice({ id: deviceId });
  const said = { model: await valueOnDevice(stage, './DevInfo/Mod'), firmware: await valueOnDevice(stage, './DevDetail/FwV') };
  const ok = session && device.status === 'attached' && device.model === said.model && device.firmware === said.firmware;
  const seen = [
    `inventory: ${deviceId}, "${device.name}", ${device.manufacturer} ${device.model} ${device.firmware}, at ${device.address}, ${device.status}`,
  ];
  return { name: 'the gateway knows the device from its own session', ok, evidence: { inventory: device, device: said }, seen };
}

async function serverWasTold({ serverDoor, devId }: Stage): Promise<Step> {
  const told = await eventually(async () => {
    const alerts = await serverDoor.listAlerts({ client: devId });
    const attached = alerts.filter(({ type }) => type === gwmoAlertTypes.deviceAttached);
    return attached.length > 0 ? attached : undefined;
  });
  const ok = told?.length === 1 && told[0]?.data === `${deviceId}/1` && told[0].count === 1;
  const seen = (told ?? []).map(({ type, data, count }) => `the gateway reported ${type} "${data}" (counted ${count}×)`);
  return { name: 'the DM server was told, once, that the gateway has the device', ok, evidence: { alerts: told ?? [] }, seen };
}

async function read(stage: Stage): Promise<Step> {
  const [result] = await manage(stage, [{ command: 'Get', uri: './DevInfo/Mod' }]);
  const onDevice = await valueOnDevice(stage, './DevInfo/Mod');
  const ok = result?.results[0]?.data === onDevice;
  return { name: 'the DM server reads the device', ok, evidence: { server: result, device: onDevice }, seen: seenBy('Get', result) };
}

async function change(stage: Stage): Promise<Step> {
  const before = await valueOnDevice(stage, lampLevel);
  const wanted = before === '42' ? '43' : '42';
  const [replaced, readBack] = await manage(stage, [
    { command: 'Replace', uri: lampLevel, data: wanted, format: 'int' },
    { command: 'Get', uri: lampLevel },
  ]);
  const after = await valueOnDevice(stage, lampLevel);
  const ok = isDone(replaced) && after === wanted && readBack?.results[0]?.data === wanted;
  const evidence = { server: [replaced, readBack], device: { before, after } };
  const seen = [...seenBy(`Replace by ${wanted}`, replaced), ...seenBy('Get', readBack), `on the device: ${before} → ${after}`];
  return { name: 'the DM server changes the device and reads the change back', ok, evidence, seen };
}

async function addAndDelete(stage: Stage): Promise<Step> {
  const [added] = await manage(stage, [{ command: 'Add', uri: note, data: 'hello', format: 'chr' }]);
  const between = await valueOnDevice(stage, note);
  const [deleted] = await manage(stage, [{ command: 'Delete', uri: note }]);
  const after = await valueOnDevice(stage, note);
  const ok = isDone(added) && between === 'hello' && isDone(deleted) && after === undefined;
  const evidence = { server: [added, deleted], device: { between, after: after ?? null } };
  return { name: 'it adds a node and deletes it again', ok, evidence, seen: [...seenBy('Add', added), ...seenBy('Delete', deleted)] };
}

async function execute(stage: Stage): Promise<Step> {
  const before = Number(await valueOnDevice(stage, count));
  const [executed] = await manage(stage, [{ command: 'Exec', uri: counter }]);
  const after = Number(await valueOnDevice(stage, count));
  const evidence = { server: executed, device: { before, after } };
  const seen = [...seenBy('Exec', executed), `the device counted ${before} → ${after}`];
  return { name: 'it executes a node, once', ok: isDone(executed) && after === before + 1, evidence, seen };
}

async function deviceReports(stage: Stage): Promise<Step> {
  const report = { type: 'urn:oma:at:x-postern-demo:button:1.0', data: `pressed at ${new Date().toISOString()}` };
  await ask(stage, { do: 'alert-and-session', ...report, format: 'chr' });
  const heard = await eventually(async () => {
    const alerts = await stage.serverDoor.listAlerts({ client: deviceId });
    return alerts.find(({ type, data }) => type === report.type && data === report.data);
  });
  const evidence = { server: heard ?? null, device: report };
  const seen = [`the device reported ${report.type} "${report.data}"`];
  return { name: 'a report of the device reaches the DM server', ok: heard?.count === 1, evidence, seen };
}

async function inventoryObject({ serverDoor, gatewayDoor, devId }: Stage): Promise<Step> {
  const uri = `./GwInventory/Records/${deviceId}/Mod`;
  const { id } = await serverDoor.queueCommand({ id: devId, command: 'Get', uri });
  const session = await gatewayDoor.testAccount({ serverId });
  const result = await serverDoor.showCommand({ id, wait: patience / 1000 });
  const { model } = await gatewayDoor.showDevice({ id: deviceId });
  const ok = session.ok && result.results[0]?.data === model;
  const evidence = { server: result, inventory: model ?? null };
  return { name: "the DM server reads the gateway's inventory from its management tree", ok, evidence, seen: seenBy('Get', result) };
}

/** Queues commands at the server, lets the device open a session, and waits for what became of them. */
async function manage(stage: Stage, commands: readonly SmallServerCommand[]): Promise<CommandResult[]> {
  const queued: string[] = [];
  for (const command of commands) queued.push((await stage.serverDoor.queueCommand({ id: deviceId, ...command })).id);
  await runSession(stage);
  return Promise.all(queued.map((id) => stage.serverDoor.showCommand({ id, wait: patience / 1000 })));
}

async function runSession(stage: Stage): Promise<boolean> {
  const { ok } = await ask(stage, { do: 'session' });
  return ok === true;
}

async function valueOnDevice(stage: Stage, uri: string): Promise<string | undefined> {
  const { value } = await ask(stage, { do: 'read', uri });
  return typeof value === 'string' ? value : undefined;
}

/** The device answers each line of ours with one that says what it was for. */
function ask({ device }: Stage, line: Line): Promise<Line> {
  const answered = device.until((said) => said['event'] === 'done' && said['of'] === line['do'], patience);
  device.say(line);
  return answered;
}

/** `Get ./DevInfo/Mod: 200, Virtual lamp` for each node of a command. */
function seenBy(command: string, result: CommandResult | undefined): string[] {
  return (result?.statuses ?? []).map(({ uri, status }) => {
    const value = result?.results.find((read) => read.uri === uri)?.data;
    return `${command} ${uri}: ${status}${value === undefined ? '' : `, ${value}`}`;
  });
}

function isDone(result: CommandResult | undefined): boolean {
  return result?.state === 'done' && result.statuses.every(({ status }) => status >= 200 && status < 300);
}

/** Looks again until it is there: reports go in sessions of their own. */
async function eventually<T>(look: () => Promise<T | undefined>): Promise<T | undefined> {
  const end = Date.now() + patience;
  for (;;) {
    const found = await look();
    if (found !== undefined || Date.now() > end) return found;
    await pause(100);
  }
}
