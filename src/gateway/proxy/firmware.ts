import type { Reply, ServerCommand } from '#src/dm/syncml/index.js';

/** Our own question among a server's commands: DevInfo does not tell the firmware. No server's CmdID looks like this. */
const ownCmdId = 'gateway:firmware';
const maxLength = 256;

/** @see OMA DM StdObj 1.2 § 5.3.3 */
export const firmwareGet: ServerCommand = { name: 'Get', CmdID: ownCmdId, Item: [{ Target: { LocURI: './DevDetail/FwV' } }] };

/** Takes our answer out of the device's; the rest is the server's. */
export function takeFirmware(replies: readonly Reply[]): { readonly firmware?: string; readonly replies: readonly Reply[] } {
  const results = replies.find((reply) => reply.name === 'Results' && reply.CmdRef === ownCmdId);
  const data = results?.Item?.[0]?.Data;
  const rest = replies.filter((reply) => reply.CmdRef !== ownCmdId);
  return typeof data === 'string' && data !== '' ? { firmware: data.slice(0, maxLength), replies: rest } : { replies: rest };
}
