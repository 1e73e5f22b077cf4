import { onTestFinished } from 'vitest';
import { type DmReply, silentLog, systemEntropy } from '#src/base/index.js';
import { keptSecret } from '#src/dm/auth/index.js';
import { type ClientAlert, type ClientEffect, type ClientInput, type ClientState, newClient, stepClient } from '#src/dm/client/index.js';
import { type EndReason, ownAuth, peerAuth } from '#src/dm/session/index.js';
import { defaultDecodeLimits, type Item, type Reply, type ServerCommand, xmlCodec } from '#src/dm/syncml/index.js';
import { clientTlsOptions } from '#src/security/index.js';
import type { NewClient } from '#src/small-server/index.js';
import { createDmClient } from '#src/transport/index.js';
import type { ServerUnderTest } from './server-under-test.js';

export interface Visit {
  /** Absent: the number of the session. */
  readonly sessionId?: string;
  readonly alerts?: readonly ClientAlert['alert'][];
  readonly devInfo?: readonly Item[];
  /** What became of the commands; `abort` answers with 1223 (alone, or after replies), `vanish` not at all. Unless told: 200, and a text for each Get. */
  readonly execute?: (
    commands: readonly ServerCommand[],
  ) => readonly Reply[] | 'abort' | 'vanish' | { readonly abortAfter: readonly Reply[] };
}

export interface Visited {
  readonly end: EndReason | 'vanished';
  readonly status?: string;
  /** The packages of commands, each by name and URI. */
  readonly packages: string[][];
  /** Statuses of the alerts. */
  readonly alerts: string[];
  /** Everything posted and answered. */
  readonly posts: { readonly url: string; readonly body: Uint8Array; readonly reply: DmReply }[];
}

/** A DM client over real https, made of the machine of dm/client; it keeps its nonces from session to session. */
export class TestClient {
  readonly #target: ServerUnderTest;
  readonly #who: NewClient;
  readonly #nonces = new Map<'client' | 'server', string>();
  #sessions = 0;

  constructor(target: ServerUnderTest, who: NewClient) {
    this.#target = target;
    this.#who = who;
  }

  /** Runs a whole session. */
  async visit(visit: Visit = {}): Promise<Visited> {
    const visited = {
      end: 'vanished' as Visited['end'],
      packages: [] as string[][],
      alerts: [] as string[],
      posts: [] as Visited['posts'],
    };
    const alerts = (visit.alerts ?? []).map((alert, at) => ({ ref: `alert-${at}`, alert }));
    const devInfo = visit.devInfo ?? [{ Source: { LocURI: './DevInfo/Man' }, Data: 'Maker' }];
    let state = this.#begin(visit.sessionId);
    let input: ClientInput | undefined = { kind: 'open', code: '1201', devInfo, alerts };
    const post = poster(this.#target.ca);
    while (input !== undefined) {
      const step = stepClient(state, input);
      state = step.state;
      input = undefined;
      for (const effect of step.effects) input = (await this.#carryOut(effect, { visit, visited, post })) ?? input;
    }
    return visited;
  }

  /** Posts bytes as they are. */
  post(body: Uint8Array | string, url = this.#target.url, contentType = 'application/vnd.syncml.dm+xml'): Promise<DmReply> {
    return poster(this.#target.ca)(url, Buffer.from(body), contentType);
  }

  async #carryOut(effect: ClientEffect, { visit, visited, post }: Scene): Promise<ClientInput | undefined> {
    switch (effect.kind) {
      case 'store-nonce':
        this.#nonces.set(effect.whose, effect.nonce);
        return undefined;
      case 'alert-status':
        visited.alerts.push(effect.status);
        return undefined;
      case 'end':
        visited.end = effect.reason;
        return undefined;
      case 'send': {
        const url = effect.to ?? this.#target.url;
        const reply = await post(url, effect.bytes);
        visited.posts.push({ url, body: effect.bytes, reply });
        if (reply.status !== 200) return { kind: 'silence', detail: `HTTP ${reply.status}` };
        return { kind: 'message', message: xmlCodec.decode(reply.body, defaultDecodeLimits), fresh: systemEntropy.nonce() };
      }
      case 'execute': {
        visited.packages.push(effect.commands.map(describe));
        const replies = (visit.execute ?? obey)(effect.commands);
        if (replies === 'vanish') return undefined;
        if (typeof replies === 'object' && 'abortAfter' in replies) return { kind: 'executed', replies: replies.abortAfter, abort: true };
        return replies === 'abort' ? { kind: 'executed', replies: [], abort: true } : { kind: 'executed', replies };
      }
    }
  }

  #begin(sessionId?: string): ClientState {
    const { id, scheme, clientPassword, serverPassword } = this.#who;
    const userName = this.#who.userName ?? id;
    this.#sessions += 1;
    const identity = { userName, secret: keptSecret(scheme, userName, clientPassword, true) };
    const server = serverPassword && {
      scheme,
      identity: { userName: 'owner', secret: keptSecret(scheme, 'owner', serverPassword, false) },
    };
    return newClient({
      sessionId: sessionId ?? String(this.#sessions),
      own: { uri: id, name: userName },
      server: { uri: this.#target.url },
      offer: { maxMsgSize: 16_384, maxObjSize: 1_000_000 },
      ownAuth: ownAuth(scheme, identity, this.#nonces.get('client')),
      serverAuth: peerAuth(server || undefined, this.#nonces.get('server')),
      encode: (message) => xmlCodec.encode(message),
    });
  }
}

interface Scene {
  readonly visit: Visit;
  readonly visited: { end: Visited['end']; packages: string[][]; alerts: string[]; posts: Visited['posts'] };
  readonly post: ReturnType<typeof poster>;
}

/** A client that does everything it is told. */
export function obey(commands: readonly ServerCommand[]): readonly Reply[] {
  return commands.flatMap(answerTo);
}

function answerTo(command: ServerCommand): readonly Reply[] {
  const status: Reply = { name: 'Status', CmdRef: command.CmdID, Cmd: command.name, Data: '200' };
  if (command.name === 'Atomic' || command.name === 'Sequence') return [status, ...command.commands.flatMap(answerTo)];
  if (command.name !== 'Get') return [status];
  const uri = command.Item?.[0]?.Target?.LocURI ?? '';
  const Item = [{ Source: { LocURI: uri }, Meta: { Format: 'chr', Type: 'text/plain' }, Data: `value of ${uri}` }];
  return [status, { name: 'Results', CmdRef: command.CmdID, Item }];
}

function describe(command: ServerCommand): string {
  if (command.name === 'Atomic' || command.name === 'Sequence') return `${command.name}(${command.commands.map(describe).join(', ')})`;
  return `${command.name} ${command.Item?.[0]?.Target?.LocURI ?? ''}`;
}

function poster(ca: string) {
  const clients = createDmClient({
    tls: clientTlsOptions({ trust: [ca], systemRoots: false }),
    log: silentLog,
    maxResponseBytes: 8_388_608,
  });
  onTestFinished(() => clients.close());
  const session = clients.session();
  return (url: string, body: Uint8Array, contentType = 'application/vnd.syncml.dm+xml'): Promise<DmReply> =>
    session.post({ url, body, contentType, accept: '*/*', timeout: 20_000 });
}
