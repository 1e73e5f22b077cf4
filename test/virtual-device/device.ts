import { onTestFinished } from 'vitest';
import { type Clock, type DmClientFactory, ManualClock, PosternError, silentLog, systemEntropy } from '#src/base/index.js';
import { dmAccTnds } from '#src/dm/objects/index.js';
import { clientTlsOptions } from '#src/security/index.js';
import { createDmClient } from '#src/transport/index.js';
import { type DeviceEvent, defaultDeviceSettings, type StateFile, stateInMemory, VirtualDevice } from '#src/virtual-device/index.js';
import { passwords, serverId, userName } from './dm-server.js';

export const deviceId = 'urn:imei:490154203237518';

export interface DeviceUnderTest {
  readonly device: VirtualDevice;
  readonly events: DeviceEvent[];
}

export interface DeviceOptions {
  readonly url: string;
  readonly type?: 'DIGEST' | 'BASIC';
  /** Authorities, PEM. */
  readonly trust?: readonly string[];
  readonly state?: StateFile;
  readonly clock?: Clock;
  readonly maxMsgSize?: number;
  readonly encoding?: 'xml' | 'wbxml';
  /** Comes between the device and the wire. */
  readonly through?: (clients: DmClientFactory) => DmClientFactory;
}

/** The DMAcc that the test's server hands out. */
export function bootstrapFor(url: string, type: 'DIGEST' | 'BASIC' = 'DIGEST'): string {
  return dmAccTnds({
    id: 'operator',
    serverId,
    addresses: [{ addr: url, addrType: 'URI' }],
    client: { type, name: userName, secret: passwords.client },
    server: { type, name: serverId, secret: passwords.server },
  });
}

export function deviceFor(options: DeviceOptions): DeviceUnderTest {
  const events: DeviceEvent[] = [];
  const tls = clientTlsOptions({ trust: options.trust ?? [], systemRoots: false });
  const clients = createDmClient({ tls, log: silentLog, maxResponseBytes: 1_000_000 });
  onTestFinished(() => clients.close());
  const { offer } = defaultDeviceSettings;
  const settings = {
    ...defaultDeviceSettings,
    offer: { ...offer, maxMsgSize: options.maxMsgSize ?? offer.maxMsgSize },
    encoding: options.encoding ?? 'xml',
    softwareVersion: '0',
  };
  const device = new VirtualDevice(
    {
      settings,
      state: options.state ?? stateInMemory(),
      clients: options.through?.(clients) ?? clients,
      clock: options.clock ?? new ManualClock(),
      entropy: systemEntropy,
      tell: (event) => events.push(event),
    },
    { id: deviceId, bootstrap: bootstrapFor(options.url, options.type) },
  );
  return { device, events };
}

/** A network that carries every message, and loses the answers to those that it is told to (counted from 1). */
export function losing(...lost: number[]): (clients: DmClientFactory) => DmClientFactory {
  let count = 0;
  return (clients) => ({
    close: () => clients.close(),
    session() {
      const session = clients.session();
      return {
        close: () => session.close(),
        async post(request) {
          count += 1;
          const mine = count;
          const reply = await session.post(request);
          if (lost.includes(mine)) throw new PosternError('wire.reset', { address: 'the server' });
          return reply;
        },
      };
    },
  });
}

/** Moves the time on, past every pause of the device, until the work is done. */
export async function whileTimePasses<T>(clock: ManualClock, work: Promise<T>): Promise<T> {
  let done = false;
  const settled = work.finally(() => {
    done = true;
  });
  settled.catch(() => {});
  while (!done) {
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(defaultDeviceSettings.repeats.cap);
  }
  return settled;
}

export function eventsOf<E extends DeviceEvent['event']>(events: readonly DeviceEvent[], name: E) {
  return events.filter((event): event is Extract<DeviceEvent, { event: E }> => event.event === name);
}
