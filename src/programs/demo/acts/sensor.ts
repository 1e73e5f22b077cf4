import { enrol } from '../authority.js';
import { sensor } from '../cast.js';
import { isDone, manage, seenBy } from '../managing.js';
import { type Stage, startDevice } from '../stage.js';
import type { Step } from '../step.js';

const level = './Vendor/Lamp/Level';

/** A device that speaks WBXML is managed by a server that speaks XML. */
export async function wbxmlDevice({ company, operator, gateway, joined }: Stage): Promise<Step> {
  const added = await gateway.door.addDevice({
    ...sensor,
    trigger: { by: 'mqtt' },
    accounts: [{ name: 'Operator', ...(await enrol(operator, sensor.id, gateway.reach.mqtt)) }],
  });
  const device = await startDevice(company, sensor, added, ['--encoding', 'wbxml', '--mqtt', gateway.broker]);
  joined.set(sensor.id, device);
  const [replaced, got] = await manage(operator, device, [
    { command: 'Replace', uri: level, data: '21', format: 'int' },
    { command: 'Get', uri: level },
  ]);
  const after = await device.read(level);
  const ok = isDone(replaced) && after === '21' && got?.results[0]?.data === after;
  const seen = [...seenBy('Replace by 21', replaced), ...seenBy('Get', got), `on the device: ${after}`];
  return {
    name: 'a device that speaks WBXML is managed by a server that speaks XML',
    ok,
    evidence: { server: [replaced, got], device: { after } },
    seen,
  };
}
