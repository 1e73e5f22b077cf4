import { onTestFinished } from 'vitest';
import { type ManualClock, silentLog, systemEntropy } from '#src/base/index.js';
import { basicCredential, md5Credential, type Scheme, secretDigest } from '#src/dm/auth/index.js';
import { type ClientAlert, type ClientEffect, type ClientInput, type ClientState, newClient, stepClient } from '#src/dm/client/index.js';
import { devDetail, devInfo } from '#src/dm/objects/index.js';
import { newServer, type ServerEffect, type ServerInput, type ServerState, stepServer } from '#src/dm/server/index.js';
import { type EndReason, ownAuth, peerAuth, type Sizes } from '#src/dm/session/index.js';
import {
  type Alert,
  type Codec,
  codecFor,
  codecOf,
  defaultDecodeLimits,
  type Item,
  type Reply,
  type ServerCommand,
  type SyncMLMessage,
  xmlCodec,
} from '#src/dm/syncml/index.js';
import { executeCommands, ManagementTree, provideChildren, provideLeaf } from '#src/dm/tree/index.js';
import type { DmReply, DmRequest, DmResponse } from '#src/gateway/index.js';
import { createDmClient, serveDm } from '#src/transport/index.js';

export const contentType = `${xmlCodec.contentType}; charset=UTF-8`;
const roomy: Sizes = { maxMsgSize: 65_536, maxObjSize: 1_048_576 };

export function decode(bytes: Uint8Array | undefined, type = contentType): SyncMLMessage {
  return (codecFor(type) ?? xmlCodec).decode(bytes ?? new Uint8Array(), defaultDecodeLimits);
}

/** What a server of the far north is told to be. */
export interface ServerScript {
  readonly serverId?: string;
  readonly scheme?: Scheme;
  readonly password?: string;
  readonly serverPassword?: string;
  /** What it asks of its clients, one package after the other; then its sessions end. */
  readonly batches?: readonly (readonly ServerCommand[])[];
  readonly sizes?: Sizes;
  /** Its Status for an alert. */
  readonly judge?: (alert: Alert) => string;
  readonly respUri?: (url: string) => string;
  /** The HTTP status of its answers. */
  readonly httpStatus?: number;
  /** Absent: as it is spoken to. */
  readonly answersIn?: Codec['encoding'];
  /** Answers a message instead of the machine; undefined lets the machine do it. */
  readonly instead?: (request: DmRequest) => Promise<DmResponse | undefined> | DmResponse | undefined;
}

/** A DM server of the far north: the protocol's own machine behind a real socket. It answers in the encoding that it is spoken to. */
export class FarServer {
  readonly script: ServerScript;
  readonly #sessions = new Map<string, ServerState>();
  readonly nonces = new Map<string, string>();
  /** The Content-Type of each request. */
  readonly contentTypes: string[] = [];
  /** Messages that reached the machine, and each client's Source. */
  readonly messages: SyncMLMessage[] = [];
  readonly replies: Reply[] = [];
  readonly alerts: Alert[] = [];
  readonly devInfo: Item[] = [];
  readonly ends: { reason: EndReason; undelivered: readonly Reply[] }[] = [];
  batches: (readonly ServerCommand[])[];
  requests = 0;
  url = '';
  close: () => Promise<void> = async () => {};

  private constructor(script: ServerScript) {
    this.script = script;
    this.batches = [...(script.batches ?? [])];
  }

  static async open(script: ServerScript = {}, port = 0): Promise<FarServer> {
    const server = new FarServer(script);
    const limits = { bodyBytes: 2_097_152, headerTimeout: 10_000, bodyTimeout: 10_000, answerTimeout: 25_000, maxConnections: 50 };
    const endpoint = await serveDm({
      listen: '127.0.0.1',
      port,
      accepts: () => true,
      handler: (request) => server.handle(request),
      limits,
      log: silentLog,
    });
    server.url = `http://127.0.0.1:${endpoint.port}/dm`;
    let closed: Promise<void> | undefined;
    server.close = () => {
      closed ??= endpoint.close(0);
      return closed;
    };
    onTestFinished(() => server.close());
    return server;
  }

  /** One without a socket: whoever has a message for it calls {@link handle}. */
  static behind(url: string, script: ServerScript = {}): FarServer {
    const server = new FarServer(script);
    server.url = url;
    return server;
  }

  get serverId(): string {
    return this.script.serverId ?? 'operator';
  }

  /** What it answers to a message, however that came. */
  async handle(request: DmRequest): Promise<DmResponse> {
    this.requests += 1;
    const instead = await this.script.instead?.(request);
    if (instead !== undefined) return instead;
    this.contentTypes.push(request.contentType ?? '');
    const message = decode(request.body, request.contentType);
    this.messages.push(message);
    const { answersIn } = this.script;
    return this.#step(message, answersIn === undefined ? (codecFor(request.contentType) ?? xmlCodec) : codecOf[answersIn]);
  }

  #step(message: SyncMLMessage, codec: Codec): DmResponse {
    const { Source, SessionID, MsgID } = message.SyncHdr;
    const key = `${Source.LocURI} ${SessionID}`;
    const before = MsgID === '1' ? undefined : this.#sessions.get(key);
    let state = before ?? this.#begin(Source.LocURI, Source.LocName ?? '', codec);
    let body: Uint8Array | undefined;
    const inputs: ServerInput[] = [{ kind: 'message', message, fresh: systemEntropy.nonce() }];
    for (let input = inputs.shift(); input !== undefined; input = inputs.shift()) {
      const step = stepServer(state, input);
      state = step.state;
      for (const effect of step.effects) {
        if (effect.kind === 'send') body = effect.bytes;
        if (effect.kind === 'deliver') inputs.push(this.#deliver(effect));
        if (effect.kind === 'end') this.ends.push({ reason: effect.reason, undelivered: state.replies });
        if (effect.kind === 'store-nonce') this.nonces.set(`${Source.LocURI} ${effect.whose}`, effect.nonce);
      }
    }
    this.#sessions.set(key, state);
    return { status: this.script.httpStatus ?? 200, contentType: codec.contentType, body: body ?? new Uint8Array() };
  }

  #deliver({ alerts, devInfo: said, replies, final }: Extract<ServerEffect, { kind: 'deliver' }>): ServerInput {
    this.alerts.push(...alerts);
    this.devInfo.push(...said);
    this.replies.push(...replies);
    const statuses = alerts.map((alert) => this.script.judge?.(alert) ?? '200');
    return { kind: 'answer', statuses, commands: final ? (this.batches.shift() ?? []) : [] };
  }

  #begin(client: string, userName: string, codec: Codec): ServerState {
    const { scheme = 'basic', password = 'north-password', serverPassword, respUri, sizes } = this.script;
    const identity = { userName, secret: { kind: 'digest', value: secretDigest(userName, password) } } as const;
    const own =
      serverPassword &&
      ownAuth(
        scheme,
        { userName: this.serverId, secret: { kind: 'password', value: serverPassword } },
        this.nonces.get(`${client} server`),
      );
    return newServer({
      own: { uri: this.url, name: this.serverId },
      ...(respUri === undefined ? {} : { respUri: respUri(this.url) }),
      offer: sizes ?? roomy,
      clientAuth: peerAuth({ scheme, identity }, this.nonces.get(`${client} client`)),
      ...(own ? { ownAuth: own } : {}),
      encode: (message) => codec.encode(message),
    });
  }
}

/** How a device of the far south behaves. */
export interface DeviceScript {
  readonly id?: string;
  readonly scheme?: Scheme;
  readonly userName?: string;
  readonly password?: string;
  /** The gateway's towards the device; absent: it does not ask. */
  readonly serverPassword?: string;
  readonly sizes?: Sizes;
  /** The encoding that it speaks; it understands every one. */
  readonly encoding?: Codec['encoding'];
  readonly sessionId?: string;
  readonly firmware?: string;
  /** What it reports with its answer to the first commands. */
  readonly late?: readonly ClientAlert['alert'][];
  /** Does the commands instead of the tree; `vanish` says no more. */
  readonly instead?: (
    commands: readonly ServerCommand[],
    turn: number,
  ) => readonly Reply[] | 'vanish' | 'abort' | undefined | Promise<readonly Reply[] | 'vanish' | undefined>;
}

export interface Exchange {
  readonly url: string;
  readonly sent: Uint8Array;
  readonly reply: DmReply;
}

export interface DeviceEnd {
  readonly reason: EndReason | 'vanished';
  readonly detail?: string;
}

/** A device of the far south: the protocol's own machine, a management tree, and a real socket. */
export class FarDevice {
  readonly script: DeviceScript;
  readonly url: string;
  readonly tree: ManagementTree;
  readonly nonces = new Map<string, string>();
  /** Of all its sessions. */
  readonly exchanges: Exchange[] = [];
  readonly executed: ServerCommand[] = [];
  readonly alertStatuses: [ref: string, status: string][] = [];
  readonly #codec: Codec;
  #sessions = 0;

  constructor(url: string, script: DeviceScript = {}) {
    this.#codec = codecOf[script.encoding ?? 'xml'];
    this.script = script;
    this.url = url;
    this.tree = deviceTree(script);
  }

  get id(): string {
    return this.script.id ?? 'urn:imei:490154203237518';
  }

  get received(): SyncMLMessage[] {
    return this.exchanges.filter(({ reply }) => reply.body.length > 0).map(({ reply }) => decode(reply.body, reply.contentType));
  }

  get sent(): SyncMLMessage[] {
    return this.exchanges.map(({ sent }) => decode(sent, this.#codec.contentType));
  }

  /** One session from package 1 to its end. */
  async session(alerts: readonly ClientAlert['alert'][] = [], url = this.url): Promise<DeviceEnd> {
    const clients = createDmClient({ tls: {}, log: silentLog, maxResponseBytes: 2_097_152 });
    const wire = clients.session();
    const numbered = alerts.map((alert, at) => ({ ref: `alert-${at}`, alert }));
    const devInfoItems: Item[] = ['DevId', 'Man', 'Mod', 'DmV', 'Lang'].map((leaf) => ({
      Source: { LocURI: `./DevInfo/${leaf}` },
      Meta: { Format: 'chr', Type: 'text/plain' },
      Data: this.tree.read(`./DevInfo/${leaf}`) ?? '',
    }));
    try {
      return await this.#run(this.#begin(url), { kind: 'open', code: '1201', devInfo: devInfoItems, alerts: numbered }, (to, bytes) =>
        this.#exchange(to, bytes, async () =>
          wire.post({ url: to, contentType: this.#codec.contentType, accept: '*/*', body: bytes, timeout: 28_000 }),
        ),
      );
    } finally {
      clients.close();
    }
  }

  /** Posts exactly these bytes, as a device does that has lost the answer. */
  async post(url: string, body: Uint8Array, type = contentType): Promise<DmReply> {
    const clients = createDmClient({ tls: {}, log: silentLog, maxResponseBytes: 2_097_152 });
    onTestFinished(() => clients.close());
    return clients.session().post({ url, contentType: type, accept: '*/*', body, timeout: 28_000 });
  }

  async #exchange(url: string, sent: Uint8Array, post: () => Promise<DmReply>): Promise<ClientInput> {
    const reply = await post();
    this.exchanges.push({ url, sent, reply });
    if (reply.status !== 200) return { kind: 'silence', detail: `HTTP ${reply.status}` };
    return { kind: 'message', message: decode(reply.body, reply.contentType), fresh: systemEntropy.nonce() };
  }

  async #run(
    before: ClientState,
    first: ClientInput,
    exchange: (to: string, bytes: Uint8Array) => Promise<ClientInput>,
  ): Promise<DeviceEnd> {
    let state = before;
    let input: ClientInput | undefined = first;
    for (let turn = 0; input !== undefined; ) {
      const step = stepClient(state, input);
      state = step.state;
      input = undefined;
      for (const effect of step.effects) {
        if (effect.kind === 'store-nonce') this.nonces.set(effect.whose, effect.nonce);
        if (effect.kind === 'alert-status') this.alertStatuses.push([effect.ref, effect.status]);
        if (effect.kind === 'end') return effect;
        if (effect.kind === 'send') input = await exchange(effect.to ?? this.url, effect.bytes);
        if (effect.kind === 'execute') {
          const next = await this.#execute(effect, turn++);
          if (next === 'vanish') return { reason: 'vanished' };
          input = next;
        }
      }
    }
    throw new Error('the device has nothing more to do, and its session is not over');
  }

  async #execute({ commands }: Extract<ClientEffect, { kind: 'execute' }>, turn: number): Promise<ClientInput | 'vanish'> {
    this.executed.push(...commands);
    const instead = await this.script.instead?.(commands, turn);
    if (instead === 'vanish') return 'vanish';
    if (instead === 'abort') return { kind: 'executed', replies: [], abort: true };
    const alerts = (turn === 0 ? (this.script.late ?? []) : []).map((alert, at) => ({ ref: `late-${at}`, alert }));
    return { kind: 'executed', alerts, replies: instead ?? (await executeCommands(this.tree, commands, { serverId: 'postern' })) };
  }

  #begin(url: string): ClientState {
    const { scheme = 'md5', userName = 'device', password = 'device-password', serverPassword, sizes } = this.script;
    this.#sessions += 1;
    const server = serverPassword && {
      scheme,
      identity: { userName: 'postern', secret: { kind: 'digest', value: secretDigest('postern', serverPassword) } as const },
    };
    return newClient({
      sessionId: this.script.sessionId ?? String(this.#sessions),
      own: { uri: this.id, name: userName },
      server: { uri: url },
      offer: sizes ?? roomy,
      ownAuth: ownAuth(scheme, { userName, secret: { kind: 'password', value: password } }, this.nonces.get('client')),
      serverAuth: peerAuth(server || undefined, this.nonces.get('server')),
      encode: (message) => this.#codec.encode(message),
    });
  }
}

function deviceTree({ id = 'urn:imei:490154203237518', firmware }: DeviceScript): ManagementTree {
  const tree = new ManagementTree({ rootAcl: { Get: ['*'], Add: ['*'], Replace: ['*'], Delete: ['*'], Exec: ['*'] } });
  tree.mount('./DevInfo', devInfo({ DevId: id, Man: 'Acme', Mod: 'Lamp', DmV: '1.2', Lang: 'en' }));
  tree.mount('./DevDetail', devDetail({ DevTyp: 'lamp', OEM: 'Acme', FwV: firmware ?? '1.0.3', SwV: '2', HwV: '3', LrgObj: true }));
  const secret = provideLeaf({ read: () => 'the-gateways-secret' });
  tree.mount('./DMAcc/postern', provideChildren({ AppID: provideLeaf({ read: () => 'w7' }), AAuthSecret: secret }));
  return tree;
}

/** Package 1 made by hand, with what credentials it is told. */
export function packageOne(options: {
  id: string;
  url: string;
  sessionId?: string;
  msgId?: string;
  cred?: { scheme: Scheme; userName: string; password: string; nonce?: string };
}): Uint8Array {
  const { id, url, sessionId = '1', msgId = '1', cred } = options;
  const data =
    cred &&
    (cred.scheme === 'basic'
      ? basicCredential(cred.userName, cred.password)
      : md5Credential(secretDigest(cred.userName, cred.password), cred.nonce ?? ''));
  return xmlCodec.encode({
    SyncHdr: {
      VerDTD: '1.2',
      VerProto: 'DM/1.2',
      SessionID: sessionId,
      MsgID: msgId,
      Target: { LocURI: url },
      Source: { LocURI: id },
      ...(data === undefined ? {} : { Cred: { Meta: { Format: 'b64', Type: `syncml:auth-${cred?.scheme}` }, Data: data } }),
    },
    SyncBody: { commands: [{ name: 'Alert', CmdID: '1', Data: '1201' }], Final: true },
  });
}

/** Lets everything run that is ready until a condition holds. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

/** Waits until a timer of this name is pending, then lets it fire. */
export async function elapse(clock: ManualClock, timer: string, by: number): Promise<void> {
  await until(() => clock.pending().includes(timer));
  clock.advance(by);
}
