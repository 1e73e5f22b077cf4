import { lamp as lampRole, sensor } from '../cast.js';
import type { DemoDevice } from '../demo-device.js';
import { ended, queue, seenBy } from '../managing.js';
import { eventually, patience } from '../patience.js';
import type { Stage } from '../stage.js';
import type { Step } from '../step.js';

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

/** The operator sends a datagram to the port that stands for the lamp. */
export function byUdp(stage: Stage): Promise<Step> {
  return askedFor(stage, stage.lamp, lampRole.id, { by: 'UDP', to: stage.gateway.reach.udp });
}

/** The operator publishes to the topic of the sensor; the gateway is connected to the broker from inside. */
export function byMqtt(stage: Stage): Promise<Step> {
  return askedFor(stage, stage.joined.get(sensor.id), sensor.id, { by: 'MQTT', to: stage.gateway.reach.mqtt });
}

/** A device is asked for; its next session opens north with the SessionID of the trigger. */
async function askedFor(
  { operator, gateway }: Stage,
  device: DemoDevice | undefined,
  id: string,
  way: { by: string; to: string },
): Promise<Step> {
  const name = `a trigger by ${way.by}: the next session of the device is the one that its server asked for`;
  const queued = await queue(operator, id, [{ command: 'Get', uri: model }]);
  const asked = operator.door.triggerClient({ id, wait: patience / 1000 });
  const pending = await eventually(async () => (await gateway.door.listTriggers()).pending.find(({ target }) => target === id));
  await device?.session();
  const trigger = await asked;
  const [result] = await ended(operator, queued);
  const value = result?.results[0]?.data;
  const ok =
    trigger.state === 'answered' &&
    pending?.sessionId === trigger.sessionId &&
    value !== undefined &&
    value === (await device?.read(model));
  const seen = [
    `to ${way.to}, pending at the gateway by ${pending?.carrier}`,
    `session ${trigger.sessionId}: ${trigger.state}`,
    ...seenBy('Get', result),
  ];
  return { name, ok, evidence: { trigger, pending: pending ?? null, server: result }, seen };
}
