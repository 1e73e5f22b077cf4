/**
 * The elements of SyncML 1.1 and 1.2 as DM uses them, and of MetInf: written once.
 * The XML and WBXML codecs, validation and the TypeScript types all derive from this table.
 *
 * @see OMA DM RepPro 1.2 § 6, MetaInfo 1.2 § 5; WBXML tokens from the code pages 0 and 1 of both
 */

/** WBXML code page, which is also the XML namespace: 0 SyncML, 1 MetInf. */
export type Page = 0 | 1;
/** How often an element may stand in its parent. */
export type Occurs = 'one' | 'optional' | 'many';
/** The versions of SyncML that DM builds on, as VerDTD writes them. */
export type Version = '1.1' | '1.2';
/**
 * What a text may be. `verbatim`: anything, white space included; the others are trimmed. `token`: anything;
 * `number`: 1 to 10 decimal digits; `ordinal`: such a number from 1; `session`: 1 to 64 characters, no control characters.
 */
export type TextRule = 'verbatim' | 'token' | 'number' | 'ordinal' | 'session';

interface Named<N extends string> {
  readonly name: N;
  readonly page: Page;
  /** The WBXML tag token without its content bit. */
  readonly token: number;
  /** The first version that has it; absent: all have. Never written in an earlier one. */
  readonly since?: Version;
}

/** An element that holds text only. */
export interface TextElement<N extends string = string> extends Named<N> {
  readonly model: 'text';
  readonly rule: TextRule;
}
/** An empty element: present or not. */
export interface FlagElement<N extends string = string> extends Named<N> {
  readonly model: 'flag';
}
/** Item/Data: text, or a tree in markup (TNDS, MetInf). */
export interface PayloadElement<N extends string = string> extends Named<N> {
  readonly model: 'payload';
}
/** An element with named children, in the order in which they are written; read in any order. */
export interface RecordElement<N extends string = string, S extends Slots = Slots> extends Named<N> {
  readonly model: 'record';
  readonly slots: S;
}
/** An element that also holds a list of commands, in their order (SyncBody, Atomic, Sequence). */
export interface ListElement<N extends string = string, S extends Slots = Slots> extends Named<N> {
  readonly model: 'list';
  /** Written before the commands. */
  readonly slots: S;
  /** The commands that may stand in it; a function because Atomic and Sequence hold one another. */
  readonly members: () => readonly AnyElement[];
  /** Written after the commands. */
  readonly trailer: Slots;
}
export type AnyElement = TextElement | FlagElement | PayloadElement | RecordElement | ListElement;

export interface Slot<E extends AnyElement = AnyElement, O extends Occurs = Occurs> {
  readonly element: E;
  readonly occurs: O;
}
export interface Slots {
  readonly [name: string]: Slot;
}

/** A tree carried as markup inside Data: the XML between the tags, well-formed, with its namespaces declared. */
export interface Markup {
  readonly markup: string;
}
/** What Item/Data holds. */
export type Payload = string | Markup;

/** The TypeScript value of an element. */
export type ValueOf<E> = E extends { model: 'text' }
  ? string
  : E extends { model: 'flag' }
    ? true
    : E extends { model: 'payload' }
      ? Payload
      : E extends { model: 'record'; slots: infer S extends Slots }
        ? RecordOf<S>
        : never;

type KeysThatOccur<S extends Slots, O extends Occurs> = {
  [K in keyof S]: S[K]['occurs'] extends O ? K : never;
}[keyof S];
type Simplify<T> = { [K in keyof T]: T[K] };
/** The TypeScript value of an element with children: optional where absent is allowed, arrays where many may stand. */
export type RecordOf<S extends Slots> = Simplify<
  { readonly [K in KeysThatOccur<S, 'one'>]: ValueOf<S[K]['element']> } & {
    readonly [K in KeysThatOccur<S, 'optional'>]?: ValueOf<S[K]['element']>;
  } & { readonly [K in KeysThatOccur<S, 'many'>]?: readonly ValueOf<S[K]['element']>[] }
>;

const text = <N extends string>(name: N, page: Page, token: number, rule: TextRule): TextElement<N> => ({
  model: 'text',
  name,
  page,
  token,
  rule,
});
const flag = <N extends string>(name: N, token: number): FlagElement<N> => ({ model: 'flag', name, page: 0, token });
const payload = <N extends string>(name: N, token: number): PayloadElement<N> => ({ model: 'payload', name, page: 0, token });
const record = <N extends string, S extends Slots>(name: N, token: number, slots: S): RecordElement<N, S> => ({
  model: 'record',
  name,
  page: 0,
  token,
  slots,
});
const list = <N extends string, S extends Slots>(
  name: N,
  token: number,
  slots: S,
  members: () => readonly AnyElement[],
  trailer: Slots = {},
): ListElement<N, S> => ({ model: 'list', name, page: 0, token, slots, members, trailer });
const one = <E extends AnyElement>(element: E): Slot<E, 'one'> => ({ element, occurs: 'one' });
const optional = <E extends AnyElement>(element: E): Slot<E, 'optional'> => ({ element, occurs: 'optional' });
const many = <E extends AnyElement>(element: E): Slot<E, 'many'> => ({ element, occurs: 'many' });

// --- MetInf, code page 1 -------------------------------------------------------------------------------------------
const Format = text('Format', 1, 0x07, 'token');
const Type = text('Type', 1, 0x13, 'token');
const Mark = text('Mark', 1, 0x0b, 'token');
const Size = text('Size', 1, 0x12, 'number');
const NextNonce = text('NextNonce', 1, 0x10, 'token');
const MetaVersion = text('Version', 1, 0x14, 'token');
const MaxMsgSize = text('MaxMsgSize', 1, 0x0c, 'number');
const MaxObjSize = text('MaxObjSize', 1, 0x15, 'number');
const EMI = text('EMI', 1, 0x06, 'verbatim');

// --- SyncML, code page 0 -------------------------------------------------------------------------------------------
const CmdID = text('CmdID', 0, 0x0b, 'ordinal');
const Cmd = text('Cmd', 0, 0x0a, 'token');
const CmdRef = text('CmdRef', 0, 0x0c, 'number');
const MsgID = text('MsgID', 0, 0x1b, 'ordinal');
const MsgRef = text('MsgRef', 0, 0x1c, 'number');
const SessionID = text('SessionID', 0, 0x25, 'session');
const VerDTD = text('VerDTD', 0, 0x31, 'token');
const VerProto = text('VerProto', 0, 0x32, 'token');
const RespURI = text('RespURI', 0, 0x21, 'token');
const LocURI = text('LocURI', 0, 0x17, 'token');
const LocName = text('LocName', 0, 0x16, 'verbatim');
const TargetRef = text('TargetRef', 0, 0x2f, 'token');
const SourceRef = text('SourceRef', 0, 0x28, 'token');
const Correlator = { ...text('Correlator', 0, 0x3c, 'verbatim'), since: '1.2' } as const;
const Lang = text('Lang', 0, 0x15, 'token');
const Final = flag('Final', 0x12);
const MoreData = flag('MoreData', 0x34);
const NoResp = flag('NoResp', 0x1d);
/** Data of Cred, Alert and Status: text only. */
const Data = text('Data', 0, 0x0f, 'token');
/** Data of an Item. */
const ItemData = payload('Data', 0x0f);

const Meta = record('Meta', 0x1a, {
  Format: optional(Format),
  Type: optional(Type),
  Mark: optional(Mark),
  Size: optional(Size),
  NextNonce: optional(NextNonce),
  Version: optional(MetaVersion),
  MaxMsgSize: optional(MaxMsgSize),
  MaxObjSize: optional(MaxObjSize),
  EMI: many(EMI),
});
const Target = record('Target', 0x2e, { LocURI: one(LocURI), LocName: optional(LocName) });
const Source = record('Source', 0x27, { LocURI: one(LocURI), LocName: optional(LocName) });
const Cred = record('Cred', 0x0e, { Meta: optional(Meta), Data: one(Data) });
const Chal = record('Chal', 0x09, { Meta: one(Meta) });
const Item = record('Item', 0x14, {
  Target: optional(Target),
  Source: optional(Source),
  Meta: optional(Meta),
  Data: optional(ItemData),
  MoreData: optional(MoreData),
});

const SyncHdr = record('SyncHdr', 0x2c, {
  VerDTD: one(VerDTD),
  VerProto: one(VerProto),
  SessionID: one(SessionID),
  MsgID: one(MsgID),
  Target: one(Target),
  Source: one(Source),
  RespURI: optional(RespURI),
  NoResp: optional(NoResp),
  Cred: optional(Cred),
  Meta: optional(Meta),
});

/** What every command that acts on nodes is made of. */
const operation = {
  CmdID: one(CmdID),
  NoResp: optional(NoResp),
  Lang: optional(Lang),
  Cred: optional(Cred),
  Meta: optional(Meta),
  Item: many(Item),
};
const Add = record('Add', 0x05, operation);
const Copy = record('Copy', 0x0d, operation);
const Delete = record('Delete', 0x10, operation);
const Get = record('Get', 0x13, operation);
const Replace = record('Replace', 0x20, operation);
const Exec = record('Exec', 0x11, {
  CmdID: one(CmdID),
  NoResp: optional(NoResp),
  Cred: optional(Cred),
  Meta: optional(Meta),
  Correlator: optional(Correlator),
  Item: many(Item),
});
const Alert = record('Alert', 0x06, {
  CmdID: one(CmdID),
  NoResp: optional(NoResp),
  Cred: optional(Cred),
  Data: optional(Data),
  Correlator: optional(Correlator),
  Item: many(Item),
});
const Results = record('Results', 0x22, {
  CmdID: one(CmdID),
  MsgRef: optional(MsgRef),
  CmdRef: one(CmdRef),
  Meta: optional(Meta),
  TargetRef: many(TargetRef),
  SourceRef: many(SourceRef),
  Item: many(Item),
});
const Status = record('Status', 0x29, {
  CmdID: one(CmdID),
  MsgRef: one(MsgRef),
  /** Absent in some devices' status for the SyncHdr, where it is 0. */
  CmdRef: optional(CmdRef),
  Cmd: one(Cmd),
  TargetRef: many(TargetRef),
  SourceRef: many(SourceRef),
  Cred: optional(Cred),
  Chal: optional(Chal),
  Data: one(Data),
  Item: many(Item),
});
const Atomic = list('Atomic', 0x08, { CmdID: one(CmdID), NoResp: optional(NoResp), Meta: optional(Meta) }, () => blockMembers);
const Sequence = list('Sequence', 0x24, { CmdID: one(CmdID), NoResp: optional(NoResp), Meta: optional(Meta) }, () => blockMembers);
const blockMembers: readonly AnyElement[] = [Add, Replace, Delete, Copy, Get, Exec, Alert, Atomic, Sequence];
const SyncBody = list('SyncBody', 0x2b, {}, () => [Status, Results, Alert, Get, Replace, Add, Delete, Exec, Copy, Atomic, Sequence], {
  Final: optional(Final),
});
const SyncML = record('SyncML', 0x2d, { SyncHdr: one(SyncHdr), SyncBody: one(SyncBody) });

/** The root of the table. */
export const rootElement = SyncML;

/** Every element once by its name; both kinds of Data share a token. */
export const elements = {
  SyncML,
  SyncHdr,
  SyncBody,
  Final,
  VerDTD,
  VerProto,
  SessionID,
  MsgID,
  Target,
  Source,
  RespURI,
  NoResp,
  Cred,
  Meta,
  LocURI,
  LocName,
  Lang,
  Status,
  Results,
  Alert,
  Get,
  Replace,
  Add,
  Delete,
  Exec,
  Copy,
  Atomic,
  Sequence,
  CmdID,
  MsgRef,
  CmdRef,
  Cmd,
  TargetRef,
  SourceRef,
  Chal,
  Correlator,
  Item,
  Data: ItemData,
  MoreData,
  Format,
  Type,
  Mark,
  Size,
  NextNonce,
  Version: MetaVersion,
  MaxMsgSize,
  MaxObjSize,
  EMI,
} as const;

/** XML namespace of each page, as SyncML 1.2 writes it. */
export const namespaces = { 0: 'SYNCML:SYNCML1.2', 1: 'syncml:metinf' } as const;
/** XML namespace of page 0 in each version; MetInf's is the same in all. */
export const syncmlNamespaces: Readonly<Record<Version, string>> = { '1.1': 'SYNCML:SYNCML1.1', '1.2': namespaces[0] };

/** Whether a version has the element. */
export function existsIn(element: AnyElement, version: Version): boolean {
  return element.since === undefined || element.since <= version;
}

type Elements = typeof elements;
/** The value of a named element, e.g. `ElementValue<'Status'>`. */
export type ElementValue<N extends keyof Elements> = ValueOf<Elements[N]>;
