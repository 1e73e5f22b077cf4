import { alertCode } from '../session/index.js';
import type { SyncMLMessage } from '../syncml/index.js';

/** What a message for a session that is not open gets: a Status for its header, and 1223. @see OMA DM Protocol 1.2 § 8.7 */
export function unknownSessionAnswer({ SyncHdr }: SyncMLMessage): SyncMLMessage {
  const { VerDTD, VerProto, SessionID, MsgID, Target, Source } = SyncHdr;
  return {
    SyncHdr: { VerDTD, VerProto, SessionID, MsgID, Target: Source, Source: Target },
    SyncBody: {
      commands: [
        { name: 'Status', CmdID: '1', MsgRef: MsgID, CmdRef: '0', Cmd: 'SyncHdr', Data: '403' },
        { name: 'Alert', CmdID: '2', Data: alertCode.sessionAbort },
      ],
      Final: true,
    },
  };
}
