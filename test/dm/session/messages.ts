import { formatCred, type Scheme } from '#src/dm/auth/index.js';
import {
  type ClientAlert,
  type ClientEffect,
  type ClientInput,
  type ClientSetup,
  type ClientState,
  newClient,
  stepClient,
} from '#src/dm/client/index.js';
import { newServer, type ServerEffect, type ServerInput, type ServerSetup, type ServerState, stepServer } from '#src/dm/server/index.js';
import { ownAuth, type PeerAuth, peerAuth } from '#src/dm/session/index.js';
import {
  type Alert,
  type BodyCommand,
  type Chal,
  type Cred,
  defaultDecodeLimits,
  type Get,
  type Item,
  type Replace,
  type Reply,
  type Results,
  type ServerCommand,
  type Status,
  type SyncMLMessage,
  xmlCodec,
} from '#src/dm/syncml/index.js';

/** Readable parts for transition tables: a client `IMEI:1` and a server `https://dm.example/s`. */
export const deviceUri = 'IMEI:1';
export const serverUri = 'https://dm.example/s';
export const sessionId = 'A1';
export const device = { userName: 'Bruce2', secret: { kind: 'password', value: 'OhBehave' } } as const;
export const server = { userName: 'srv', secret: { kind: 'password', value: 'BasilKnows' } } as const;
const offer = { maxMsgSize: 65_536, maxObjSize: 65_536 };
const encode = (message: SyncMLMessage) => xmlCodec.encode(message);

export const base64 = (text: string) => Buffer.from(text).toString('base64');
export const decode = (bytes: Uint8Array) => xmlCodec.decode(bytes, defaultDecodeLimits);
export const demands = (scheme: Scheme, identity: typeof device | typeof server, nonce?: string): PeerAuth =>
  peerAuth({ scheme, identity }, nonce);
export const proves = (scheme: Scheme, identity: typeof device | typeof server, nonce?: string) => ownAuth(scheme, identity, nonce);
/** Nothing is demanded: the transport has proved the peer. */
export const trusted: PeerAuth = peerAuth(undefined, undefined);

// --- Messages -------------------------------------------------------------------------------------------------------
interface Head {
  readonly msgId?: number;
  readonly session?: string;
  readonly source?: string;
  readonly respUri?: string;
  readonly cred?: Cred | undefined;
  readonly maxMsgSize?: number;
  readonly maxObjSize?: number;
  /** Leaves Final out. */
  readonly open?: boolean;
}

export const fromServer = (head: Head, ...commands: BodyCommand[]) => message({ source: serverUri, ...head }, deviceUri, commands);
export const fromClient = (head: Head, ...commands: BodyCommand[]) => message({ source: deviceUri, ...head }, serverUri, commands);

function message(head: Head, target: string, commands: readonly BodyCommand[]): SyncMLMessage {
  const numbered = commands.map((command, at) => (command.CmdID === '' ? { ...command, CmdID: String(at + 1) } : command));
  return {
    SyncHdr: {
      VerDTD: '1.2',
      VerProto: 'DM/1.2',
      SessionID: head.session ?? sessionId,
      MsgID: String(head.msgId ?? 1),
      Target: { LocURI: target },
      Source: { LocURI: head.source ?? '' },
      ...(head.respUri === undefined ? {} : { RespURI: head.respUri }),
      ...(head.cred === undefined ? {} : { Cred: head.cred }),
      Meta: {
        ...(head.maxMsgSize === undefined ? {} : { MaxMsgSize: String(head.maxMsgSize) }),
        ...(head.maxObjSize === undefined ? {} : { MaxObjSize: String(head.maxObjSize) }),
      },
    },
    SyncBody: { commands: numbered, ...(head.open ? {} : { Final: true as const }) },
  };
}

export const credOf = (scheme: Scheme, identity: typeof device | typeof server, nonce?: string) => formatCred(scheme, identity, nonce);

// --- Commands; an empty CmdID becomes the position in the message ---------------------------------------------------
export const status = (code: string, msgRef: number, cmdRef: string, more: Partial<Status> = {}): Status => ({
  name: 'Status',
  CmdID: '',
  MsgRef: String(msgRef),
  CmdRef: cmdRef,
  Cmd: cmdRef === '0' ? 'SyncHdr' : 'Get',
  Data: code,
  ...more,
});
export const header = (code: string, msgRef: number, chal?: Chal) => status(code, msgRef, '0', chal === undefined ? {} : { Chal: chal });
export const chal = (scheme: Scheme, nonce?: string): Chal => ({
  Meta: { Format: 'b64', Type: `syncml:auth-${scheme}`, ...(nonce === undefined ? {} : { NextNonce: nonce }) },
});
export const alert = (code: string, more: Partial<Alert> = {}): Alert => ({ name: 'Alert', CmdID: '', Data: code, ...more });
export const get = (uri: string, CmdID = ''): Get => ({ name: 'Get', CmdID, Item: [{ Target: { LocURI: uri } }] });
export const replace = (uri: string, data: string, more: Partial<Item> = {}, CmdID = ''): Replace => ({
  name: 'Replace',
  CmdID,
  Item: [{ Target: { LocURI: uri }, Data: data, ...more }],
});
export const results = (msgRef: number, cmdRef: string, uri: string, data: string, more: Partial<Item> = {}): Results => ({
  name: 'Results',
  CmdID: '',
  MsgRef: String(msgRef),
  CmdRef: cmdRef,
  Item: [{ Source: { LocURI: uri }, Data: data, ...more }],
});
export const devInfo: readonly Item[] = [{ Source: { LocURI: './DevInfo/DevId' }, Data: deviceUri }];
export const genericAlert = (ref: string, data = 'hot'): ClientAlert => ({
  ref,
  alert: { Data: '1226', Item: [{ Source: { LocURI: `./Fan/${ref}` }, Meta: { Format: 'chr', Type: 'urn:x:fan' }, Data: data }] },
});
/** Package 1 as a client says it. */
export const packageOne = (head: Head, ...more: BodyCommand[]) =>
  fromClient(head, alert('1201'), { name: 'Replace', CmdID: '', Item: devInfo }, ...more);
export const statusReply = (CmdRef: string, Data = '200', Cmd = 'Get'): Reply => ({ name: 'Status', CmdRef, Cmd, Data });
export const resultsReply = (CmdRef: string, uri: string, data: string): Reply => ({
  name: 'Results',
  CmdRef,
  Item: [{ Source: { LocURI: uri }, Data: data }],
});

// --- Driving a machine ----------------------------------------------------------------------------------------------
/** A machine with its last effects; every message that it sends has been through the codec. */
export interface Driver<State, Input, Effect> {
  readonly state: State;
  readonly effects: readonly Effect[];
  /** Everything it has ever asked for. */
  readonly history: readonly Effect[];
  readonly say: (input: Input) => Driver<State, Input, Effect>;
}
export type ClientDriver = Driver<ClientState, ClientInput, ClientEffect>;
export type ServerDriver = Driver<ServerState, ServerInput, ServerEffect>;

function drive<State, Input, Effect>(
  step: (state: State, input: Input) => { state: State; effects: readonly Effect[] },
  state: State,
  effects: readonly Effect[] = [],
  history: readonly Effect[] = [],
): Driver<State, Input, Effect> {
  const say = (input: Input) => {
    const next = step(state, input);
    return drive(step, next.state, next.effects, [...history, ...next.effects]);
  };
  return { state, effects, history, say };
}

export const client = (setup: Partial<ClientSetup> = {}): ClientDriver =>
  drive(
    stepClient,
    newClient({ sessionId, own: { uri: deviceUri }, server: { uri: serverUri }, offer, serverAuth: trusted, encode, ...setup }),
  );
export const opened = (setup: Partial<ClientSetup> = {}, ...alerts: ClientAlert[]): ClientDriver =>
  client(setup).say({ kind: 'open', code: '1201', devInfo, alerts });
export const dmServer = (setup: Partial<ServerSetup> = {}): ServerDriver =>
  drive(stepServer, newServer({ own: { uri: serverUri }, offer, clientAuth: trusted, encode, ...setup }));

/** A message as an input. */
export const hear = (message: SyncMLMessage, fresh = base64('fresh')) => ({ kind: 'message', message, fresh }) as const;
export const executed = (...replies: Reply[]) => ({ kind: 'executed', replies }) as const;
export const answer = (commands: readonly ServerCommand[] = [], statuses: readonly string[] = []) =>
  ({ kind: 'answer', statuses, commands }) as const;

// --- Looking at what came out ---------------------------------------------------------------------------------------
type AnyEffect = ClientEffect | ServerEffect;

/** The message of a step, as its receiver reads it. */
export function sent(driver: { readonly effects: readonly AnyEffect[] }): SyncMLMessage {
  const effect = driver.effects.find((one) => one.kind === 'send');
  if (effect === undefined) throw new Error(`nothing was sent: ${JSON.stringify(driver.effects)}`);
  return decode(effect.bytes);
}
export const kinds = (driver: { readonly effects: readonly AnyEffect[] }) => driver.effects.map((effect) => effect.kind);
export const ending = (driver: { readonly effects: readonly AnyEffect[] }) => driver.effects.find((effect) => effect.kind === 'end');
export const sizeOf = (driver: { readonly effects: readonly AnyEffect[] }) =>
  driver.effects.flatMap((effect) => (effect.kind === 'send' ? [effect.bytes.length] : []));
export const delivery = (driver: ServerDriver) => {
  const effect = driver.effects.find((one) => one.kind === 'deliver');
  if (effect === undefined) throw new Error(`nothing was delivered: ${JSON.stringify(driver.effects)}`);
  return effect;
};
export const toExecute = (driver: ClientDriver) => driver.effects.flatMap((effect) => (effect.kind === 'execute' ? effect.commands : []));

/** A body in a line per command: `Status 212 1/0 challenged`, `Get ./a`, `Alert 1222`; `Final` last. */
export function outline({ SyncBody }: SyncMLMessage): string[] {
  return [...SyncBody.commands.map(line), ...(SyncBody.Final ? ['Final'] : [])];
}

function line(command: BodyCommand): string {
  if (command.name === 'Status') {
    return `Status ${command.Data} ${command.MsgRef}/${command.CmdRef}${command.Chal === undefined ? '' : ' challenged'}`;
  }
  if (command.name === 'Alert') return `Alert ${command.Data}`;
  if (command.name === 'Atomic' || command.name === 'Sequence') return `${command.name} (${command.commands.map(line).join(', ')})`;
  const [item] = command.Item ?? [];
  const uri = item?.Target?.LocURI ?? item?.Source?.LocURI ?? '';
  return `${command.name} ${uri}${item?.MoreData ? ' …' : ''}`;
}
