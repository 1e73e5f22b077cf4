import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAccount, openAuthority } from '../../conformance/management.js';
import { flowDevice } from '../../house/conversations/flows.js';
import { eventually } from '../eventually.js';
import { PatientDevice } from '../patient-device.js';
import { playDetached } from './detached.js';
import { lastSessionOf, northernSessionsOf, type Part, partsOf, recordedBy, writeParts } from './recording.js';
import { playTransparent } from './transparent.js';
import { playTrigger } from './trigger.js';
import { withSite } from './with-site.js';

/** Plays a flow with the real programs and writes what went over the wires into `folder`. */
export async function playFlow(name: string, folder: string): Promise<void> {
  const record = mkdtempSync(join(tmpdir(), 'postern-flow-'));
  try {
    writeParts(folder, await (plays[name] ?? unknown(name))(record));
  } finally {
    rmSync(record, { recursive: true, force: true });
  }
}

const lamp = './Vendor/Lamp/Level';

/** Each records into a folder of its own and returns what belongs to the flow. */
const plays: Readonly<Record<string, (record: string) => Promise<Part[]>>> = {
  'a-session-of-the-gateway-itself': playOwnSession,
  'a-proxied-session': (record) => playProxied(record, []),
  'two-servers-and-one-device': playTwoServers,
  'a-device-that-was-unplugged': playDetached,
  'a-trigger': playTrigger,
  'a-transparent-session': playTransparent,
  'a-device-that-speaks-wbxml': (record) => playProxied(record, ['--encoding', 'wbxml']),
  'a-repeat-after-a-lost-answer': playRepeat,
};

function playOwnSession(record: string): Promise<Part[]> {
  return withSite({ record }, async (site) => {
    await site.addOwnAccount();
    await site.startDevice(await site.addDevice());
    await eventually('the report', async () => ((await site.serverDoor.listAlerts({ client: site.devId })).length > 0 ? true : undefined));
    return partsOf(record, northernSessionsOf(await recordedBy(site, record), site.devId));
  });
}

function playProxied(record: string, more: readonly string[]): Promise<Part[]> {
  return withSite({ record }, async (site) => {
    const device = await site.startDevice(await site.addDevice(), more);
    await site.queue([
      { command: 'Replace', uri: lamp, data: '42', format: 'int' },
      { command: 'Get', uri: lamp },
    ]);
    await device.session();
    return partsOf(record, lastSessionOf(await recordedBy(site, record), flowDevice));
  });
}

function playTwoServers(record: string): Promise<Part[]> {
  return withSite({ record }, async (site) => {
    const enterprise = await openAuthority(site, 'enterprise');
    const added = await site.addDevice({ account: { priority: 1 } });
    await openAccount(site, enterprise, flowDevice, { priority: 2, rights: { './Vendor/Lamp': ['Get'] } });
    const device = await site.startDevice(added);
    await site.queue([{ command: 'Replace', uri: lamp, data: '42', format: 'int' }]);
    for (const command of [{ command: 'Get', uri: lamp } as const, { command: 'Replace', uri: lamp, data: '0', format: 'int' } as const])
      await enterprise.door.queueCommand({ id: flowDevice, ...command });
    await device.session();
    return partsOf(record, lastSessionOf(await recordedBy(site, record), flowDevice));
  });
}

/** The answer to the second message arrives at nobody: the device posts the same bytes again. */
function playRepeat(record: string): Promise<Part[]> {
  return withSite({ record }, async (site) => {
    let exchanges = 0;
    let lost = false;
    const device: PatientDevice = new PatientDevice(await site.addDevice(), {
      afterPost: async ({ url, sent }) => {
        exchanges += 1;
        if (lost && exchanges === 2) await device.post(url, sent);
      },
    });
    await device.session();
    await site.queue([{ command: 'Exec', uri: './Vendor/Counter' }]);
    [exchanges, lost] = [0, true];
    await device.session();
    device.close();
    return partsOf(record, lastSessionOf(await recordedBy(site, record), flowDevice));
  });
}

function unknown(name: string): never {
  throw new Error(`no flow is called ${name}`);
}
