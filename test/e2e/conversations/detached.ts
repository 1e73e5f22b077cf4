import { flowDevice } from '../../house/conversations/flows.js';
import { eventually } from '../eventually.js';
import { headerOf } from '../recorded-messages.js';
import { northernSessionsOf, type Part, partsOf, recordedBy } from './recording.js';
import { withSite } from './with-site.js';

/** A device that is connected to the gateway's broker loses its power. */
export function playDetached(record: string): Promise<Part[]> {
  const gateway = { broker: { port: 0 }, presence: { grace: '1s' } };
  return withSite({ gateway, record }, async (site) => {
    await site.addOwnAccount();
    const { url } = JSON.parse(await site.logged(/the broker listens/)) as { url: string };
    const device = await site.startDevice(await site.addDevice(), ['--mqtt', url]);
    const reported = (type: string) =>
      eventually(type, async () =>
        (await site.serverDoor.listAlerts({ client: site.devId })).some((alert) => alert.type.includes(type)) ? true : undefined,
      );
    await reported('deviceattached');
    await eventually('its connection to the broker', async () =>
      (await site.gatewayDoor.showDevice({ id: flowDevice })).seenBy.includes('broker') ? true : undefined,
    );
    await device.program.kill();
    await reported('devicedetached');
    const own = northernSessionsOf(await recordedBy(site, record), site.devId);
    const last = own.flatMap(({ said }) => (said === undefined ? [] : headerOf(said.message).sessionId)).at(-1);
    return partsOf(
      record,
      own.filter(({ said }) => said !== undefined && headerOf(said.message).sessionId === last),
    );
  });
}
