import { encodeNotification } from '#src/dm/notification/index.js';
import { knock } from '../e2e/knock.js';
import { type Site, serverId } from '../e2e/site.js';

export interface Trigger {
  readonly device: string;
  readonly sessionId: string;
  /** The server's towards whoever the trigger is for. */
  readonly password: string;
  readonly nonce: string;
  /** The gateway's authority, PEM. */
  readonly trust: string;
}

/** Posts a trigger of the server for a device. @returns the status that it got */
export async function sendTrigger(site: Site, { device, sessionId, password, nonce, trust }: Trigger): Promise<number> {
  const notification = { uiMode: 'background', initiator: 'server', sessionId, serverId } as const;
  const body = encodeNotification(notification, { kind: 'password', value: password }, nonce);
  const [place = ''] = site.gatewayReady['triggers'] as string[];
  const contentType = 'application/vnd.syncml.notification';
  return (await knock({ url: place + encodeURIComponent(device), trust, contentType, body })).status;
}
