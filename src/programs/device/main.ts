import { readFileSync } from 'node:fs';
import { createProgramLog, type Milliseconds, PosternError, systemClock, systemEntropy } from '#src/base/index.js';
import { type DeviceOptions, exitCodes } from '#src/cli/index.js';
import { clientTlsOptions, redactSecrets } from '#src/security/index.js';
import { createDmClient, createRecorder } from '#src/transport/index.js';
import {
  defaultDeviceSettings,
  openStateFile,
  pause,
  stateInMemory,
  type TriggerCarrier,
  VirtualDevice,
} from '#src/virtual-device/index.js';
import { readVersion } from '../postern/version.js';
import { takeOrders } from './orders.js';
import { listenForStop } from './stop-request.js';
import { hearsTriggers, openTriggerIntake } from './trigger-intake.js';
import { voice } from './voice.js';

/** The virtual device: a session at the start, then none, one after the other, or those that it is told to open. */
export async function main(options: DeviceOptions): Promise<number> {
  const { device, tell, tls, log, close } = await build(options);
  const stop = listenForStop();
  stop.signal.addEventListener('abort', () => device.stop());
  const inTurn = oneByOne();
  const session = () => inTurn(() => device.runSession());
  const hear = async (trigger: Uint8Array, by: TriggerCarrier) => {
    // A flood of forged ones is not to stand in the way of sessions.
    if (device.heeds(trigger, by)) await inTurn(() => device.answerTrigger(trigger, by));
  };
  const parts = { options, device, hear, tls, clock: systemClock, entropy: systemEntropy, log, tell, stop: stop.signal };
  const intake = await openTriggerIntake(parts);
  try {
    const { result } = await session();
    if (options.once) return result === 'complete' ? exitCodes.ok : exitCodes.failed;
    const orders = takeOrders({ device, inTurn, tell }, stop.signal);
    if (options.every !== undefined) await repeat(session, options.every, stop.signal);
    else if (hearsTriggers(options)) await aborted(stop.signal);
    await orders;
    return exitCodes.ok;
  } finally {
    await intake.close();
    await close();
    stop.release();
  }
}

async function build(options: DeviceOptions) {
  const log = await createProgramLog({ level: 'warn', format: options.json ? 'json' : 'auto', redact: redactSecrets });
  const recorder = options.record === undefined ? undefined : createRecorder(options.record, log);
  const softwareVersion = readVersion();
  const tls = clientTlsOptions({ trust: options.trust === undefined ? [] : [read(options.trust)], systemRoots: false });
  const clients = createDmClient({
    tls,
    log,
    maxResponseBytes: defaultDeviceSettings.decode.bytes,
    ...(options.proxy === undefined ? {} : { proxy: options.proxy }),
    userAgent: `Postern virtual device/${softwareVersion}`,
    ...(recorder === undefined ? {} : { recorder: recorder.leg('north') }),
  });
  const tell = voice(options.json, (line) => process.stdout.write(`${line}\n`));
  const state = options.state === undefined ? stateInMemory() : openStateFile(options.state);
  const settings = {
    ...defaultDeviceSettings,
    offer: offerOf(options),
    encoding: options.encoding ?? defaultDeviceSettings.encoding,
    softwareVersion,
  };
  const device = new VirtualDevice(
    { settings, state, clients, clock: systemClock, entropy: systemEntropy, tell },
    {
      ...(options.id === undefined ? {} : { id: options.id }),
      ...(options.bootstrap === undefined ? {} : { bootstrap: read(options.bootstrap) }),
    },
  );
  const close = async () => {
    clients.close();
    await recorder?.written();
  };
  return { device, tell, tls, log, close };
}

function offerOf({ maxMsgSize, maxObjSize }: DeviceOptions) {
  const { offer } = defaultDeviceSettings;
  return { maxMsgSize: maxMsgSize ?? offer.maxMsgSize, maxObjSize: maxObjSize ?? offer.maxObjSize };
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new PosternError('cli.unreadable', { file, why: (error as Error).message }, { cause: error });
  }
}

/** Sessions and orders of one device never overlap. */
function oneByOne(): <T>(work: () => Promise<T>) => Promise<T> {
  let before: Promise<unknown> = Promise.resolve();
  return (work) => {
    const after = before.then(work);
    // Who asked for the work hears of its failure; the next in turn does not.
    before = after.catch(() => {});
    return after;
  };
}

async function repeat(session: () => Promise<unknown>, every: Milliseconds, stop: AbortSignal): Promise<void> {
  for (;;) {
    await pause(systemClock, 'next session', every, stop);
    if (stop.aborted) return;
    await session();
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => (signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve())));
}
