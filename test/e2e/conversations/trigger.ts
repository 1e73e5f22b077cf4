import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { encodeNotification } from '#src/dm/notification/index.js';
import type { Line } from '../../../src/programs/demo/child-program.js';
import { flowDevice } from '../../house/conversations/flows.js';
import { clientOf, readConversation } from '../../house/conversations/read-conversation.js';
import { eventually } from '../eventually.js';
import { commandsOf } from '../recorded-messages.js';
import { serverId } from '../site.js';
import { lastSessionOf, type Part, partsOf, recordedBy } from './recording.js';
import { withSite } from './with-site.js';

/** The SessionID that the operator asks for. */
const asked = 'BEE';
const get = { command: 'Get', uri: './Vendor/Lamp/Level' } as const;

/** The operator sends Package#0 to the gateway's UDP port of the device; the device is told, and comes. */
export async function playTrigger(record: string): Promise<Part[]> {
  const device = await openSocket();
  try {
    return await playBetween(record, device);
  } finally {
    device.close();
  }
}

function playBetween(record: string, ears: Socket): Promise<Part[]> {
  const triggers = { udp: { port: 0, devices: [{ id: flowDevice, port: 0 }] } };
  return withSite({ gateway: { triggers }, record }, async (site) => {
    const { clientPassword, serverPassword } = site.newPasswords('north');
    await site.serverDoor.addClient({ id: flowDevice, clientPassword, serverPassword });
    const account = { serverId, address: site.serverUrl, clientPassword, serverPassword };
    const device = await site.startDevice(
      await site.gatewayDoor.addDevice({ id: flowDevice, trigger: { by: 'udp', port: ears.address().port }, accounts: [account] }),
    );
    // A server that has something to ask proves itself, and is given the nonce that its next trigger is made for.
    await site.queue([get]);
    await device.session();
    const sent = encodeNotification(
      { uiMode: 'background', initiator: 'server', sessionId: asked, serverId },
      { kind: 'password', value: serverPassword },
      await lastNonce(record),
    );
    const heard = once(ears, 'message') as Promise<[Buffer]>;
    await send(sent, portOfDevice(site.gatewayReady));
    const [told] = await heard;
    await site.queue([get]);
    await device.session();
    const session = partsOf(record, lastSessionOf(await recordedBy(site, record), flowDevice));
    return [{ name: 'north-trigger.bin', bytes: sent }, { name: 'south-trigger.bin', bytes: told }, ...session];
  });
}

/** The nonce that the gateway, as the device, gave the server last. */
function lastNonce(record: string): Promise<string> {
  return eventually('a nonce for the server', () => {
    const north = readConversation(record).filter(
      (turn) => turn.leg === 'north' && turn.kind === 'request' && clientOf(turn) === flowDevice,
    );
    const commands = north.flatMap(({ said }) => (said === undefined ? [] : commandsOf(said.message)));
    return commands.flatMap((command) => command.value('Chal', 'Meta', 'NextNonce') ?? []).at(-1);
  });
}

/** The gateway tells where it listens: first for itself, then for the devices in their order. */
function portOfDevice(ready: Line): number {
  const addresses = ready['triggers'];
  return Number(new URL(String(Array.isArray(addresses) ? addresses[1] : '')).port);
}

async function openSocket(): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

async function send(bytes: Uint8Array, port: number): Promise<void> {
  const socket = createSocket('udp4');
  await new Promise((resolve) => socket.send(bytes, port, '127.0.0.1', resolve));
  socket.close();
}
