import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DmClientFactory, DmReply } from '#src/base/index.js';
import { eventually } from '../../e2e/eventually.js';
import { PatientDevice } from '../../e2e/patient-device.js';
import { deviceId, Site } from '../../e2e/site.js';
import { deviceFor, eventsOf } from '../../virtual-device/device.js';
import { ask, DmServer } from '../../virtual-device/dm-server.js';

/** The Status of a header: not authenticated, or no such session. */
const refusal = /<CmdRef>0<\/CmdRef>.*?<Data>[45]\d\d<\/Data>/;

let site: Site;
let device: PatientDevice;

beforeAll(async () => {
  site = await Site.open();
  device = new PatientDevice(await site.addDevice());
});
afterAll(async () => {
  device.close();
  await site.close();
});

it('DM10:6.1.1.1-2, SCH:6.1.1.1-2, CP:6.1.1-2: nothing that a device once said has an effect when somebody says it again', async () => {
  await device.session();
  device.exchanges.length = 0;
  device.report('once');
  await device.session();
  const recorded = [...device.exchanges];
  await device.session();
  await eventually('the report', async () => (await site.serverDoor.listAlerts({ client: deviceId })).find(({ data }) => data === 'once'));
  const before = await site.gatewayDoor.showDevice({ id: deviceId });
  for (const { url, sent, reply } of recorded) {
    // The same bytes are known for a repeat: they get the answer that they had, or none that the device's session would give.
    const again = Buffer.from((await device.post(url, sent)).body);
    if (!again.equals(reply.body)) expect(again.toString()).toMatch(refusal);
    // The same credential with other words is refused: its nonce is used up.
    const other = Buffer.from(sent.toString().replace('<Data>once</Data>', '<Data>forged</Data>').replace('<Final/>', '<Final></Final>'));
    const forged = Buffer.from((await device.post(url, other)).body).toString();
    expect(forged).toMatch(refusal);
    expect(forged).not.toMatch(/<(Get|Replace|Add|Delete|Exec)>/);
  }
  expect(await site.serverDoor.listAlerts({ client: deviceId })).toMatchObject([{ data: 'once', count: 1 }]);
  expect(await site.gatewayDoor.showDevice({ id: deviceId })).toMatchObject({ lastContact: before.lastContact, pendingAlerts: 0 });
});

it('DM10:6.1.1.1-2, SCH:6.1.1.1-2, CP:6.1.1-2: a client does nothing of what a server said in an earlier session', async () => {
  const server = await DmServer.start();
  server.asks.push([ask('Exec', './Vendor/Counter')]);
  const recorded: DmReply[] = [];
  let isReplaying = false;
  const replays: DmReply[] = [];
  const through = (clients: DmClientFactory): DmClientFactory => ({
    close: () => clients.close(),
    session() {
      const session = clients.session();
      return {
        close: () => session.close(),
        async post(request) {
          const replay = isReplaying ? replays.shift() : undefined;
          if (replay !== undefined) return replay;
          const reply = await session.post(request);
          recorded.push(reply);
          return reply;
        },
      };
    },
  });
  const { device: client, events } = deviceFor({ url: server.url, through });
  expect(await client.runSession()).toMatchObject({ result: 'complete' });
  expect(client.read('./Vendor/Count')).toBe('1');
  isReplaying = true;
  replays.push(...recorded);
  const replayed = await client.runSession();
  expect(replayed.result).not.toBe('complete');
  expect(client.read('./Vendor/Count')).toBe('1');
  expect(eventsOf(events, 'executed').filter(({ command }) => command === 'Exec')).toHaveLength(1);
});
