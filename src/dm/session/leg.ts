import type { BodyCommand, Chal, Cred, Meta, Status, SyncHdr } from '../syncml/index.js';

/** A party of a session: its URI (DevId or server address) and the name it proves. */
export interface Party {
  readonly uri: string;
  readonly name?: string;
}

/** What a party can take, in bytes: of one message, of one object. */
export interface Sizes {
  readonly maxMsgSize: number;
  readonly maxObjSize: number;
}

/** What either side keeps of the session it is in. */
export interface Leg {
  readonly sessionId: string;
  readonly verDTD: string;
  readonly verProto: string;
  readonly own: Party;
  readonly peer: Party;
  /** Where the peer's next message shall go: only servers say. */
  readonly respUri?: string;
  /** Ours, told in every message. */
  readonly offer: Sizes;
  /** The peer's; absent until it says. */
  readonly peerMaxMsgSize?: number;
  readonly peerMaxObjSize?: number;
  /** MsgID of the last message sent and received; 0 before the first. */
  readonly sent: number;
  readonly received: number;
}

/** The header of the message after the last sent one. */
export function formatHeader(leg: Leg, cred: Cred | undefined): SyncHdr {
  return {
    VerDTD: leg.verDTD,
    VerProto: leg.verProto,
    SessionID: leg.sessionId,
    MsgID: String(leg.sent + 1),
    Target: party(leg.peer),
    Source: party(leg.own),
    ...(leg.respUri === undefined ? {} : { RespURI: leg.respUri }),
    ...(cred === undefined ? {} : { Cred: cred }),
    Meta: { MaxMsgSize: String(leg.offer.maxMsgSize), MaxObjSize: String(leg.offer.maxObjSize) },
  };
}

function party({ uri, name }: Party) {
  return name === undefined ? { LocURI: uri } : { LocURI: uri, LocName: name };
}

/** Takes over what the peer's header says. MaxMsgSize and MaxObjSize hold until they are replaced. @see OMA DM Protocol 1.2 § 6 */
export function readHeader(leg: Leg, header: SyncHdr): Leg {
  const meta: Meta = header.Meta ?? {};
  return {
    ...leg,
    received: Number(header.MsgID),
    ...(meta.MaxMsgSize === undefined ? {} : { peerMaxMsgSize: Number(meta.MaxMsgSize) }),
    ...(meta.MaxObjSize === undefined ? {} : { peerMaxObjSize: Number(meta.MaxObjSize) }),
  };
}

/** The Status for the header of the message just received, always CmdRef 0. */
export function headerStatus(leg: Leg, code: string, chal?: Chal): Status {
  return {
    name: 'Status',
    CmdID: '',
    MsgRef: String(leg.received),
    CmdRef: '0',
    Cmd: 'SyncHdr',
    TargetRef: [leg.own.uri],
    SourceRef: [leg.peer.uri],
    ...(chal === undefined ? {} : { Chal: chal }),
    Data: code,
  };
}

/** A Status without more to say, for a command of the message just received. */
export function commandStatus(leg: Leg, command: BodyCommand, code: string): Status {
  return { name: 'Status', CmdID: '', MsgRef: String(leg.received), CmdRef: command.CmdID, Cmd: command.name, Data: code };
}

/** Whether a Status answers a message header. Some devices leave CmdRef out there. */
export function isHeaderStatus(status: Status): boolean {
  return status.Cmd === 'SyncHdr' || status.CmdRef === '0';
}

/** Alert codes of the session itself and of its reports. @see OMA DM Protocol 1.2 § 8.7 */
export const alertCode = {
  serverInitiated: '1200',
  clientInitiated: '1201',
  nextMessage: '1222',
  sessionAbort: '1223',
  clientEvent: '1224',
  noEndOfData: '1225',
  generic: '1226',
} as const;

/** An Alert of the session itself. */
export function sessionAlert(code: string): BodyCommand {
  return { name: 'Alert', CmdID: '', Data: code };
}
