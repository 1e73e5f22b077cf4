import type { ElementValue } from './elements.js';

export type { Markup, Payload } from './elements.js';

export type Meta = ElementValue<'Meta'>;
export type Item = ElementValue<'Item'>;
export type Cred = ElementValue<'Cred'>;
export type Chal = ElementValue<'Chal'>;
export type SyncHdr = ElementValue<'SyncHdr'>;

type Command<N extends 'Status' | 'Results' | 'Alert' | 'Get' | 'Replace' | 'Add' | 'Delete' | 'Exec' | 'Copy'> = {
  readonly name: N;
} & ElementValue<N>;

export type Status = Command<'Status'>;
export type Results = Command<'Results'>;
export type Alert = Command<'Alert'>;
export type Get = Command<'Get'>;
export type Replace = Command<'Replace'>;
export type Add = Command<'Add'>;
export type Delete = Command<'Delete'>;
export type Exec = Command<'Exec'>;
export type Copy = Command<'Copy'>;

/** A command that acts on nodes. */
export type NodeCommand = Get | Replace | Add | Delete | Exec | Copy;

interface Block<N extends string> {
  readonly name: N;
  readonly CmdID: string;
  readonly NoResp?: true;
  readonly Meta?: Meta;
  readonly commands: readonly ServerCommand[];
}
/** All of its commands or none. @see OMA DM RepPro 1.2 § 6.6 */
export interface Atomic extends Block<'Atomic'> {}
/** Its commands in their order. */
export interface Sequence extends Block<'Sequence'> {}

/** What a DM server may ask for. */
export type ServerCommand = NodeCommand | Alert | Atomic | Sequence;
/** Everything that may stand in a SyncBody. */
export type BodyCommand = ServerCommand | Status | Results;

export interface SyncBody {
  readonly commands: readonly BodyCommand[];
  readonly Final?: true;
}

/** One SyncML DM message. @see OMA DM RepPro 1.2 § 6.1 */
export interface SyncMLMessage {
  readonly SyncHdr: SyncHdr;
  readonly SyncBody: SyncBody;
}

/** What a client answers to one command, before the session gives it its CmdID and MsgRef. */
export type StatusReply = Omit<Status, 'CmdID' | 'MsgRef' | 'CmdRef'> & { readonly CmdRef: string };
export type ResultsReply = Omit<Results, 'CmdID' | 'MsgRef'>;
/** In the order in which they are sent: the Status of a command before its Results. */
export type Reply = StatusReply | ResultsReply;
