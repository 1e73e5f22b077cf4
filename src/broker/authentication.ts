import { digestOf, sameSecret, secretDigest } from '#src/dm/auth/index.js';
import type { DeviceRecord } from '#src/gateway/index.js';
import type { BrokerDevices } from './options.js';

export interface Login {
  readonly userName: string;
  readonly password: Uint8Array;
  readonly clientId: string;
}

/** Compared with where nobody has the user name, so that this takes as long. */
const nobody = secretDigest('', '');

/** The device whose southern credentials these are; undefined: nobody's. Where several have the same, the client id says which. */
export function authenticate(
  devices: Pick<BrokerDevices, 'named'>,
  { userName, password, clientId }: Login,
): { readonly device: DeviceRecord | undefined; readonly exists: boolean } {
  const shown = secretDigest(userName, Buffer.from(password).toString('utf8'));
  const candidates = devices.named(userName);
  if (candidates.length === 0) sameSecret(shown, nobody);
  const proved = candidates.filter(({ south }) => south !== undefined && sameSecret(shown, digestOf(south.clientSecret, userName)));
  const device = proved.length === 1 ? proved[0] : proved.find(({ id }) => id === clientId);
  return { device, exists: candidates.length > 0 };
}

/** Changes when the device is given another name or password. */
export function credentialMark({ south }: DeviceRecord): string {
  return south === undefined ? '' : `${south.userName}\n${digestOf(south.clientSecret, south.userName)}`;
}
