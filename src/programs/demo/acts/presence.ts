import { gwmoAlertTypes } from '#src/dm/objects/index.js';
import { sensor } from '../cast.js';
import { eventually } from '../patience.js';
import type { Stage } from '../stage.js';
import { missing, type Step } from '../step.js';

/** The sensor loses its power; its connection to the broker was the promise to be there. */
export async function unplugged({ operator, gateway, joined }: Stage): Promise<Step> {
  const name = 'a device is unplugged, and its server is told that the gateway has it no longer';
  const device = joined.get(sensor.id);
  if (device === undefined) return missing(name);
  const before = await gateway.door.showDevice({ id: sensor.id });
  await device.program.kill();
  const told = await eventually(async () => {
    const alerts = await operator.door.listAlerts({ client: gateway.devId });
    return alerts.find(({ type }) => type === gwmoAlertTypes.deviceDetached);
  });
  const after = await gateway.door.showDevice({ id: sensor.id });
  const ok = before.status === 'attached' && after.status === 'detached' && told?.data === `${sensor.id}/1` && told.count === 1;
  const seen = [
    `inventory: ${sensor.id}, "${after.name}", ${before.status} → ${after.status}`,
    `the gateway reported ${told?.type} "${told?.data}" (counted ${told?.count}×)`,
  ];
  return { name, ok, evidence: { alert: told ?? null, inventory: { before, after } }, seen };
}
