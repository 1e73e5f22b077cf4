import { sensor } from '../cast.js';
import type { DemoDevice } from '../demo-device.js';
import { ended, queue, seenBy } from '../managing.js';
import { patience } from '../patience.js';
import type { Stage } from '../stage.js';
import { missing, type Step } from '../step.js';

const model = './DevInfo/Mod';

/** The operator posts Package#0 to the gateway, which opens a session with it. */
export async function byHttps({ operator, gateway }: Stage): Promise<Step> {
  const queued = await queue(operator, gateway.devId, [{ command: 'Get', uri: model }]);
  const trigger = await operator.door.triggerClient({ id: gateway.devId, wait: patience / 1000 });
  const [result] = await ended(operator, queued);
  const ok = trigger.state === 'answered' && result?.results[0]?.data !== undefined;
  const seen = [`to ${gateway.reach.https}`, `session ${trigger.sessionId}: ${trigger.state}`, ...seenBy('Get', result)];
  return { name: 'a trigger by https: the gateway opens a session with its server', ok, evidence: { trigger, server: result }, seen };
}

/** The operator sends a datagram to the port that stands for the lamp, which holds a long-poll open. */
export function byUdp(stage: Stage): Promise<Step> {
  const way = { by: 'UDP', to: stage.gateway.reach.udp, on: 'in the answer to its long-poll' };
  return askedFor(stage, stage.lamp, way);
}

/** The operator publishes to the topic of the sensor, which is connected to the gateway's own broker. */
export function byMqtt(stage: Stage): Promise<Step> {
  const device = stage.joined.get(sensor.id);
  const way = { by: 'MQTT', to: stage.gateway.reach.mqtt, on: `by the gateway's own broker, ${stage.gateway.broker}` };
  return device === undefined ? Promise.resolve(missing('a trigger by MQTT')) : askedFor(stage, device, way);
}

interface Way {
  readonly by: string;
  readonly to: string;
  readonly on: string;
}

/** A device is asked for, is told, and opens the session by itself. */
async function askedFor({ operator }: Stage, device: DemoDevice, { by, to, on }: Way): Promise<Step> {
  const { id } = device;
  const queued = await queue(operator, id, [{ command: 'Get', uri: model }]);
  const trigger = await operator.door.triggerClient({ id, wait: patience / 1000 });
  const [result] = await ended(operator, queued);
  const value = result?.results[0]?.data;
  const ok = trigger.state === 'answered' && value !== undefined && value === (await device.read(model));
  const seen = [
    `to ${to}; the device was told ${on}`,
    `session ${trigger.sessionId}: ${trigger.state}, after ${trigger.sends} ${trigger.sends === 1 ? 'trigger' : 'triggers'}`,
    ...seenBy('Get', result),
  ];
  return {
    name: `a trigger by ${by}: the device opens the session that its server wants`,
    ok,
    evidence: { trigger, server: result },
    seen,
  };
}
