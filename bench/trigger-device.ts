import type { CannedDevice } from './canned-device.js';
import type { DeviceEar } from './device-ear.js';
import type { GatewaySite } from './gateway-site.js';

/** The server asks, the gateway tells the device, which comes. @throws Error when it hears of nothing */
export async function triggerDevice(
  { gateway, tellServer }: GatewaySite,
  device: CannedDevice,
  { at, ear }: { readonly at: number; readonly ear: DeviceEar },
): Promise<void> {
  const addresses = gateway.said['triggers'] as readonly string[];
  // The first is the gateway's own.
  const port = new URL(addresses[at + 1] ?? '').port;
  const told = ear.next();
  await tellServer(`trigger?${new URLSearchParams({ device: device.id, port, session: (at + 1).toString(16).toUpperCase() })}`);
  await device.session(await told);
}
