import { type DmClient, type DmReply, isPosternError } from '#src/base/index.js';
import { type ClientEffect, type ClientInput, type ClientState, newClient, stepClient } from '#src/dm/client/index.js';
import type { DmAccount } from '#src/dm/objects/index.js';
import { ownAuth, peerAuth } from '#src/dm/session/index.js';
import { type Codec, codecFor, codecOf, type Item, type ServerCommand } from '#src/dm/syncml/index.js';
import { executeCommands } from '#src/dm/tree/index.js';
import { addressOf, authOf, findAccount, keepNonce } from './account.js';
import { deliver, digestOf, type Patience } from './delivery.js';
import type { DeviceMemory } from './device-memory.js';
import type { DeviceEnvironment } from './environment.js';
import type { SessionEvent } from './events.js';
import { executedEvents } from './executed-events.js';

/** Statuses with which a server has taken a report. */
const taken: readonly string[] = ['200', '202'];

type Send = Extract<ClientEffect, { kind: 'send' }>;
type End = Extract<ClientEffect, { kind: 'end' }>;

/** How a session is begun and how long it may take. */
export interface SessionTerms extends Patience {
  /** The SessionID of the trigger that asked for it; absent: the device opens it by itself. */
  readonly asked?: string | undefined;
}

/** One session with the device's DM server: the client machine with its connection, its tree and its memory. */
export class DeviceSession {
  readonly #env: DeviceEnvironment;
  readonly #memory: DeviceMemory;
  readonly #patience: Patience;
  readonly #account: DmAccount;
  readonly #address: string;
  readonly #client: DmClient;
  readonly #codec: Codec;
  readonly #asked: string | undefined;
  #state: ClientState;

  /** @throws PosternError `device.no-account`, `device.address`, `objects.invalid-account` */
  constructor(env: DeviceEnvironment, memory: DeviceMemory, { asked, ...patience }: SessionTerms) {
    this.#env = env;
    this.#memory = memory;
    this.#patience = patience;
    this.#account = findAccount(memory.tree);
    this.#address = addressOf(this.#account);
    this.#codec = codecOf[env.settings.encoding];
    this.#asked = asked;
    this.#state = begin({ env, memory, codec: this.#codec, account: this.#account, address: this.#address, asked });
    this.#client = env.clients.session();
  }

  /** From package 1 to the end. What the server or the network does is in the answer, never thrown. */
  async run(): Promise<SessionEvent> {
    try {
      const code = this.#asked === undefined ? '1201' : '1200';
      let input: ClientInput = { kind: 'open', code, devInfo: devInfoItems(this.#memory), alerts: this.#memory.alerts };
      for (;;) {
        const { send, execute, end } = this.#step(input);
        if (send !== undefined) input = await this.#exchange(send, end !== undefined);
        if (end !== undefined) return this.#ended(end);
        if (execute !== undefined) input = await this.#execute(execute.commands);
        else if (send === undefined) throw new Error('a client step neither sent, asked nor ended');
      }
    } finally {
      this.#client.close();
    }
  }

  /** Everything that the step has changed is durable before anything of it is said. */
  #step(input: ClientInput) {
    const { state, effects } = stepClient(this.#state, input);
    this.#state = state;
    for (const effect of effects) {
      if (effect.kind === 'store-nonce') keepNonce(this.#memory.tree, effect.whose, effect.nonce);
      if (effect.kind === 'alert-status') this.#settle(effect.ref, effect.status);
    }
    const send = effects.find((effect) => effect.kind === 'send');
    if (send !== undefined) this.#remember(send);
    this.#memory.commit();
    return {
      send,
      execute: effects.find((effect) => effect.kind === 'execute'),
      end: effects.find((effect) => effect.kind === 'end'),
    };
  }

  #settle(ref: string, status: string): void {
    const queued = this.#memory.alerts.find((alert) => alert.ref === ref);
    if (taken.includes(status)) this.#memory.settleAlert(ref);
    this.#env.tell({ event: 'alert', ref, type: queued?.alert.Item?.[0]?.Meta?.Type ?? '', status });
  }

  #remember({ to, bytes }: Send): void {
    const contentType = `${this.#codec.contentType}; charset=UTF-8`;
    this.#memory.last = { url: to ?? this.#address, contentType, body: Buffer.from(bytes).toString('base64') };
  }

  /** Sends one message and turns whatever comes back into the next input. */
  async #exchange(send: Send, isLast: boolean): Promise<ClientInput> {
    const message = this.#memory.last;
    if (message === undefined) throw new Error('a message was sent and not remembered');
    const refusal = this.#refuse(message.url, isLast);
    if (refusal !== undefined) return { kind: 'silence', detail: refusal };
    const { SessionID: sessionId, MsgID: msgId } = send.message.SyncHdr;
    this.#env.tell({ event: 'said', sessionId, msgId, bytes: send.bytes.length });
    try {
      return this.#understand(await deliver(this.#env, this.#client, message, this.#patience));
    } catch (error) {
      if (isPosternError(error)) return { kind: 'silence', detail: error.message };
      throw error;
    }
  }

  #understand(reply: DmReply): ClientInput {
    if (this.#memory.last !== undefined) this.#memory.last = { ...this.#memory.last, answer: digestOf(reply.body) };
    if (reply.status !== 200) return { kind: 'silence', detail: `the server answered HTTP ${reply.status}` };
    const codec = codecFor(reply.contentType);
    if (codec === undefined) return { kind: 'silence', detail: `the server answered with ${reply.contentType ?? 'no Content-Type'}` };
    return { kind: 'message', message: codec.decode(reply.body, this.#env.settings.decode), fresh: this.#env.entropy.nonce() };
  }

  /** A RespURI is followed only to where the account leads; a device that is told to stop says its last words only. */
  #refuse(url: string, isLast: boolean): string | undefined {
    if (this.#patience.stopping.aborted && !isLast && !this.#state.aborting) return 'the device was told to stop';
    if (!URL.canParse(url)) return 'the server gave a RespURI that is no URL';
    if (new URL(url).origin === new URL(this.#address).origin) return undefined;
    return `the server gave a RespURI that leads elsewhere (${new URL(url).origin})`;
  }

  async #execute(commands: readonly ServerCommand[]): Promise<ClientInput> {
    const { serverId } = this.#account;
    const serverMaxObjSize = this.#state.leg.peerMaxObjSize;
    const replies = await executeCommands(this.#memory.tree, commands, {
      serverId,
      maxObjSize: this.#env.settings.offer.maxObjSize,
      ...(serverMaxObjSize === undefined ? {} : { serverMaxObjSize }),
    });
    for (const event of executedEvents(commands, replies)) this.#env.tell(event);
    return { kind: 'executed', replies, abort: this.#patience.stopping.aborted };
  }

  #ended({ reason, status, detail }: End): SessionEvent {
    this.#memory.commit();
    const event: SessionEvent = {
      event: 'session',
      sessionId: this.#state.leg.sessionId,
      result: reason,
      authenticated: this.#state.serverAuth.accepted,
      ...(status === undefined ? {} : { status }),
      ...(detail === undefined ? {} : { detail }),
    };
    this.#env.tell(event);
    return event;
  }
}

function begin({ env, memory, codec, account, address, asked }: Beginning): ClientState {
  const { client, server, serverId } = account;
  const own = client && authOf(client, memory.id);
  return newClient({
    sessionId: asked ?? memory.nextSessionId(),
    own: own === undefined ? { uri: memory.id } : { uri: memory.id, name: own.identity.userName },
    server: { uri: address },
    offer: env.settings.offer,
    ...(own === undefined ? {} : { ownAuth: ownAuth(own.scheme, own.identity, client?.nonce) }),
    serverAuth: peerAuth(server && authOf(server, serverId), server?.nonce),
    encode: (message) => codec.encode(message),
  });
}

interface Beginning {
  readonly env: DeviceEnvironment;
  readonly memory: DeviceMemory;
  readonly codec: Codec;
  readonly account: DmAccount;
  readonly address: string;
  readonly asked: string | undefined;
}

/** @see OMA DM Protocol 1.2 § 8.3: every leaf of DevInfo goes with package 1 */
function devInfoItems({ tree }: DeviceMemory): Item[] {
  return ['DevId', 'Man', 'Mod', 'DmV', 'Lang'].map((leaf) => {
    const LocURI = `./DevInfo/${leaf}`;
    return { Source: { LocURI }, Meta: { Format: 'chr', Type: 'text/plain' }, Data: tree.read(LocURI) ?? '' };
  });
}
