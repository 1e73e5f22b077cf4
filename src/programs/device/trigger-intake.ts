import type { ConnectionOptions } from 'node:tls';
import { type Clock, type Entropy, fullJitter, isPosternError, type Log } from '#src/base/index.js';
import type { DeviceOptions } from '#src/cli/index.js';
import { defaultNotificationLimits } from '#src/dm/notification/index.js';
import { listenForDatagrams, openMqttIntake, pollForTrigger } from '#src/transport/index.js';
import { type DeviceEvent, pause, type TriggerCarrier, type VirtualDevice } from '#src/virtual-device/index.js';

export interface TriggerIntakeParts {
  readonly options: Pick<DeviceOptions, 'listenUdp' | 'poll' | 'mqtt'>;
  readonly device: Pick<VirtualDevice, 'id' | 'access'>;
  /** Resolves when the session that the trigger wanted is over, or it was ignored. */
  readonly hear: (trigger: Uint8Array, by: TriggerCarrier) => Promise<void>;
  readonly tls: ConnectionOptions;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
  readonly tell: (event: DeviceEvent) => void;
  readonly stop: AbortSignal;
}

interface Intake {
  close(): Promise<void>;
}

/** Waits between two tries where the gateway or the broker cannot be reached. */
const retry = { first: 500, cap: 30_000 };
/** Longer than any gateway holds an answer back. */
const pollTimeout = 11 * 60_000;
const keepAlive = 60_000;

/** Whether the device hears triggers at all. */
export function hearsTriggers({ listenUdp, poll, mqtt }: DeviceOptions): boolean {
  return listenUdp !== undefined || poll === true || mqtt !== undefined;
}

/** Opens the ways by which the device is told to hear triggers. */
export async function openTriggerIntake(parts: TriggerIntakeParts): Promise<Intake> {
  const { listenUdp, poll, mqtt } = parts.options;
  const intakes: Intake[] = [];
  if (listenUdp !== undefined) intakes.push(await listenByUdp(parts, listenUdp));
  if (mqtt !== undefined) intakes.push(await subscribe(parts, mqtt));
  if (poll === true) intakes.push(keepPolling(parts));
  return { close: async () => void (await Promise.all(intakes.map((intake) => intake.close()))) };
}

async function listenByUdp({ hear, log, clock, tell }: TriggerIntakeParts, port: number): Promise<Intake> {
  const limits = { bytes: defaultNotificationLimits.bytes, perSource: 60, every: 60_000, atOnce: 16 };
  const listener = await listenForDatagrams({ listen: '0.0.0.0', port, limits, handle: (bytes) => hear(bytes, 'udp'), log, clock });
  tell({ event: 'listening', by: 'udp', at: `udp://0.0.0.0:${listener.port}` });
  return listener;
}

async function subscribe({ device, hear, tls, clock, entropy, log, tell }: TriggerIntakeParts, url: string): Promise<Intake> {
  const { userName, password } = device.access();
  const topics = `devices/${encodeURIComponent(device.id)}/trigger`;
  const handle = async (_topic: string, payload: Uint8Array) => {
    // The broker is not to wait for the session.
    void hear(payload, 'mqtt');
  };
  const common = { retry, keepAlive, clock, entropy, log };
  const intake = await openMqttIntake({ url, clientId: device.id, userName, password, tls, topics, handle, ...common });
  tell({ event: 'listening', by: 'mqtt', at: `${url}/${topics}` });
  return intake;
}

function keepPolling(parts: TriggerIntakeParts): Intake {
  const stop = new AbortController();
  const { address } = parts.device.access();
  const url = `${address.replace(/\/$/, '')}/trigger`;
  parts.tell({ event: 'listening', by: 'poll', at: url });
  const ended = pollOnAndOn(parts, url, AbortSignal.any([parts.stop, stop.signal]));
  return {
    close() {
      stop.abort();
      return ended;
    },
  };
}

async function pollOnAndOn(parts: TriggerIntakeParts, url: string, stop: AbortSignal): Promise<void> {
  for (let failures = 0; !stop.aborted; ) {
    const problem = await pollOnce(parts, url, stop);
    failures = problem === undefined ? 0 : failures + 1;
    if (problem === undefined || stop.aborted) continue;
    parts.tell({ event: 'warning', message: `No answer to the poll for triggers: ${problem}` });
    await pause(parts.clock, 'next poll', Math.max(1, fullJitter(retry, failures, parts.entropy)), stop);
  }
}

/** @returns what went wrong */
async function pollOnce({ device, hear, tls, clock }: TriggerIntakeParts, url: string, signal: AbortSignal): Promise<string | undefined> {
  const { userName, password } = device.access();
  const { bytes: maxBytes } = defaultNotificationLimits;
  try {
    const { status, body } = await pollForTrigger({ url, userName, password, tls, timeout: pollTimeout, maxBytes, clock, signal });
    if (status === 200) await hear(body, 'poll');
    return status === 200 || status === 204 ? undefined : `the gateway answered HTTP ${status}`;
  } catch (error) {
    if (isPosternError(error)) return error.message;
    throw error;
  }
}
