import type { Codec, SyncMLMessage } from '#src/dm/syncml/index.js';
import type { DmResponse } from './wire.js';

/** What a message for a session that is not open gets: the session is over. @see OMA DM Protocol 1.2 § 8.7 (1223) */
export function unknownSessionAnswer(codec: Codec, { SyncHdr }: SyncMLMessage): DmResponse {
  const body = codec.encode({
    SyncHdr: {
      VerDTD: SyncHdr.VerDTD,
      VerProto: SyncHdr.VerProto,
      SessionID: SyncHdr.SessionID,
      MsgID: SyncHdr.MsgID,
      Target: SyncHdr.Source,
      Source: SyncHdr.Target,
    },
    SyncBody: {
      commands: [
        { name: 'Status', CmdID: '1', MsgRef: SyncHdr.MsgID, CmdRef: '0', Cmd: 'SyncHdr', Data: '403' },
        { name: 'Alert', CmdID: '2', Data: '1223' },
      ],
      Final: true,
    },
  });
  return { status: 200, contentType: `${codec.contentType}; charset=UTF-8`, body };
}
