import type { DmResponse } from '#src/base/index.js';
import { alertCode } from '#src/dm/session/index.js';
import type { Codec, SyncMLMessage } from '#src/dm/syncml/index.js';

/** What a message for a session that is not open gets: a Status for its header, and 1223. @see OMA DM Protocol 1.2 § 8.7 */
export function unknownSessionAnswer(codec: Codec, { SyncHdr }: SyncMLMessage): DmResponse {
  const { VerDTD, VerProto, SessionID, MsgID, Target, Source } = SyncHdr;
  const body = codec.encode({
    SyncHdr: { VerDTD, VerProto, SessionID, MsgID, Target: Source, Source: Target },
    SyncBody: {
      commands: [
        { name: 'Status', CmdID: '1', MsgRef: MsgID, CmdRef: '0', Cmd: 'SyncHdr', Data: '403' },
        { name: 'Alert', CmdID: '2', Data: alertCode.sessionAbort },
      ],
      Final: true,
    },
  });
  return { status: 200, contentType: `${codec.contentType}; charset=UTF-8`, body };
}
