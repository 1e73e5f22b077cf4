import { encodeNotification, type Notification } from '#src/dm/notification/index.js';
import { gatewayOwner } from '#src/gateway/index.js';
import { declareOwnAccount, type GatewayOptions, type GatewayUnderTest, openGateway } from '../gateway-under-test.js';
import { FarServer, type ServerScript } from '../peers.js';

const serverPassword = 'server-password';
/** A server that asks for something has to prove itself. */
const asks = [{ name: 'Get', CmdID: '1', Item: [{ Target: { LocURI: './DevInfo/Man' } }] }] as const;

/** A gateway and a server that both prove themselves, and what the server sends when it wants a session. */
export interface TriggerSite {
  readonly under: GatewayUnderTest;
  readonly server: FarServer;
  /** The server's trigger for a target, made for the nonce that the gateway has for it. */
  trigger(sessionId: string, owner?: string, more?: Partial<Notification> & { nonce?: string; password?: string }): Uint8Array;
  nonce(owner?: string): string;
}

export async function openSite(script: ServerScript = {}, options: GatewayOptions = {}): Promise<TriggerSite> {
  const server = await FarServer.open({ scheme: 'md5', serverPassword, batches: [asks], ...script });
  const under = await openGateway(options);
  declareOwnAccount(under, server, { correlation: 'none' });
  const nonce = (owner = gatewayOwner) => under.store.nonces.get(`north/${owner}/${server.serverId}`, 'server') ?? '';
  return {
    under,
    server,
    nonce,
    trigger(sessionId, owner = gatewayOwner, { nonce: made = nonce(owner), password = serverPassword, ...more } = {}) {
      const notification: Notification = { uiMode: 'background', initiator: 'server', sessionId, serverId: server.serverId, ...more };
      return encodeNotification(notification, { kind: 'password', value: password }, made);
    },
  };
}

/** What the server's sessions were opened with: alert code and SessionID. */
export function openings({ messages }: FarServer): string[] {
  return messages
    .filter(({ SyncHdr }) => SyncHdr.MsgID === '1')
    .map(({ SyncHdr, SyncBody }) => {
      const alert = SyncBody.commands.find((command) => command.name === 'Alert' && command.Data?.startsWith('12'));
      return `${alert?.name === 'Alert' ? alert.Data : '?'} ${SyncHdr.SessionID}`;
    });
}
