import { onTestFinished } from 'vitest';
import { type DmRequest, type DmResponse, silentLog, systemEntropy } from '#src/base/index.js';
import { keptSecret, type Scheme } from '#src/dm/auth/index.js';
import { newServer, type ServerState, stepServer } from '#src/dm/server/index.js';
import { ownAuth, peerAuth } from '#src/dm/session/index.js';
import {
  type Alert,
  type Codec,
  codecFor,
  defaultDecodeLimits,
  type Item,
  type Reply,
  type ServerCommand,
  type SyncMLMessage,
  xmlCodec,
} from '#src/dm/syncml/index.js';
import { type DmEndpoint, serveDm } from '#src/transport/index.js';

export interface DmServerOptions {
  readonly scheme?: Scheme;
  readonly clientPassword?: string;
  /** What it proves itself with; by default what the device expects. */
  readonly serverPassword?: string;
  readonly tls?: Parameters<typeof serveDm>[0]['tls'];
  readonly respUri?: string;
}

export const serverId = 'operator';
export const userName = 'lamp';
export const passwords = { client: 'device-secret', server: 'server-secret' };

/** A DM server on a real socket: the server's machine, what it is to ask for, and what it heard. */
export class DmServer {
  /** Commands for each turn of the sessions to come; none left: the session ends. */
  readonly asks: (readonly ServerCommand[])[] = [];
  /** The status that alerts get. */
  alertStatus = '200';
  /** Every body that came, repeats too. */
  readonly bodies: Buffer[] = [];
  readonly messages: SyncMLMessage[] = [];
  readonly alerts: Alert[] = [];
  readonly devInfo: Item[] = [];
  readonly replies: Reply[] = [];
  readonly ends: string[] = [];
  nonces: { client?: string; server?: string } = {};
  readonly #options: DmServerOptions;
  readonly #answered = new Map<string, DmResponse>();
  #endpoint: DmEndpoint | undefined;
  #state: ServerState | undefined;
  /** Of the message that came last. */
  #codec: Codec = xmlCodec;

  private constructor(options: DmServerOptions) {
    this.#options = options;
  }

  static async start(options: DmServerOptions = {}): Promise<DmServer> {
    const server = new DmServer(options);
    const limits = { bodyBytes: 1_000_000, headerTimeout: 10_000, bodyTimeout: 10_000, answerTimeout: 10_000, maxConnections: 10 };
    server.#endpoint = await serveDm({
      listen: '127.0.0.1',
      port: 0,
      accepts: () => true,
      handler: async (request) => server.#handle(request),
      limits,
      log: silentLog,
      ...(options.tls === undefined ? {} : { tls: options.tls }),
    });
    onTestFinished(() => server.stop());
    return server;
  }

  get url(): string {
    return `${this.#options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${this.#endpoint?.port}/dm`;
  }

  async stop(): Promise<void> {
    await this.#endpoint?.close(0);
  }

  /** Statuses of the commands of this name, in order. */
  statuses(name: string): string[] {
    return this.replies.flatMap((reply) => (reply.name === 'Status' && reply.Cmd === name ? [reply.Data] : []));
  }

  /** Data of the Results, in order. */
  results(): unknown[] {
    return this.replies.flatMap((reply) => (reply.name === 'Results' ? (reply.Item ?? []).map(({ Data }) => Data) : []));
  }

  #handle({ body, contentType }: DmRequest): DmResponse {
    const text = Buffer.from(body).toString('latin1');
    this.#codec = codecFor(contentType) ?? xmlCodec;
    this.bodies.push(Buffer.from(body));
    const known = this.#answered.get(text);
    if (known !== undefined) return known;
    const answer = this.#answer(this.#codec.decode(body, defaultDecodeLimits));
    this.#answered.set(text, answer);
    return answer;
  }

  #answer(message: SyncMLMessage): DmResponse {
    this.messages.push(message);
    if (message.SyncHdr.MsgID === '1') this.#state = this.#begin();
    const sent = this.#step({ kind: 'message', message, fresh: systemEntropy.nonce() });
    return sent === undefined ? { status: 500 } : { status: 200, contentType: this.#codec.contentType, body: sent };
  }

  #begin(): ServerState {
    const { scheme = 'md5', clientPassword = passwords.client, serverPassword = passwords.server, respUri } = this.#options;
    const client = { userName, secret: keptSecret(scheme, userName, clientPassword, false) };
    const own = { userName: serverId, secret: keptSecret(scheme, serverId, serverPassword, true) };
    return newServer({
      own: { uri: this.url, name: serverId },
      ...(respUri === undefined ? {} : { respUri }),
      offer: { maxMsgSize: 8_000, maxObjSize: 1_000_000 },
      ownAuth: ownAuth(scheme, own, this.nonces.server),
      clientAuth: peerAuth({ scheme, identity: client }, this.nonces.client),
      encode: (message) => this.#codec.encode(message),
    });
  }

  #step(input: Parameters<typeof stepServer>[1]): Uint8Array | undefined {
    if (this.#state === undefined) throw new Error('no session is open');
    const { state, effects } = stepServer(this.#state, input);
    this.#state = state;
    let sent: Uint8Array | undefined;
    for (const effect of effects) {
      if (effect.kind === 'store-nonce') this.nonces = { ...this.nonces, [effect.whose]: effect.nonce };
      if (effect.kind === 'send') sent = effect.bytes;
      if (effect.kind === 'end') this.ends.push(effect.reason);
      if (effect.kind === 'deliver') {
        this.alerts.push(...effect.alerts);
        this.devInfo.push(...effect.devInfo);
        this.replies.push(...effect.replies);
        const commands = effect.final ? (this.asks.shift() ?? []) : [];
        sent = this.#step({ kind: 'answer', statuses: effect.alerts.map(() => this.alertStatus), commands });
      }
    }
    return sent;
  }
}

/** A command on one node; its CmdID is its place among the test's own. */
export function ask(name: 'Get' | 'Delete' | 'Exec' | 'Add' | 'Replace', uri: string, data?: string, format?: string): ServerCommand {
  const Meta = format === undefined ? {} : { Meta: { Format: format } };
  const Data = data === undefined ? {} : { Data: data };
  return { name, CmdID: `${name} ${uri}`, Item: [{ Target: { LocURI: uri }, ...Meta, ...Data }] };
}
