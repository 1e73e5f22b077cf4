import { type DmHandler, type Milliseconds, PosternError } from '#src/base/index.js';
import { keptSecret, type Scheme, type Secret } from '#src/dm/auth/index.js';
import { AlertBook } from './alert-book.js';
import { ClientTriggers, type TriggerView } from './client-triggers.js';
import { CommandQueue } from './command-queue.js';
import { Endpoint } from './endpoint.js';
import type { Environment } from './environment.js';
import { OpenSessions } from './open-sessions.js';
import type { AlertRecord, ClientDeclaration, ClientRecord, CommandRecord, Order } from './ports.js';

/** A client as its operator describes it. */
export interface NewClient {
  readonly id: string;
  /** The id if absent. */
  readonly userName?: string | undefined;
  readonly scheme: Scheme;
  readonly clientPassword: string;
  readonly serverPassword?: string | undefined;
  readonly allowPlainHttp?: boolean;
  /** Where a trigger reaches it, as the text of a `TriggerAddress`. */
  readonly reach?: string | undefined;
}

/** A client with what waits for it. */
export interface ClientView extends ClientRecord {
  readonly queued: number;
  readonly trigger?: TriggerView;
}

/** What both sides of an enrolment keep: digests that are the same on either side. */
export interface Enrolment {
  readonly scheme: 'md5';
  readonly userName: string;
  readonly clientSecret: Secret;
  readonly serverSecret: Secret;
}

export interface ServerSessionView {
  readonly id: string;
  readonly client: string;
  readonly sessionId: string;
  readonly state: 'authenticating' | 'open';
  readonly startedAt: number;
  readonly messages: number;
  readonly bytes: number;
}

/** Alerts told at once. */
const maxListed = 1_000;

/** A small DM server: it keeps commands until their client comes, and what clients report. */
export class SmallServer {
  readonly #env: Environment;
  readonly #sessions: OpenSessions;
  readonly #queue: CommandQueue;
  readonly #triggers: ClientTriggers;
  readonly #endpoint: Endpoint;
  #stopping = false;

  constructor(env: Environment) {
    this.#env = env;
    this.#sessions = new OpenSessions(env);
    this.#queue = new CommandQueue(env);
    this.#triggers = new ClientTriggers(env);
    const alerts = new AlertBook(env);
    const parts = { env, sessions: this.#sessions, queue: this.#queue, triggers: this.#triggers, alerts };
    this.#endpoint = new Endpoint({ ...parts, isStopping: () => this.#stopping });
  }

  get handler(): DmHandler {
    return (request) => this.#endpoint.handle(request);
  }

  accepts(path: string): boolean {
    return this.#endpoint.accepts(path);
  }

  get stopping(): boolean {
    return this.#stopping;
  }

  /** Takes over what the configuration declares; what it declared before and no longer does is forgotten. */
  declareConfigured(clients: readonly NewClient[]): void {
    const kept = new Set(clients.map(({ id }) => id));
    for (const { id, origin } of this.#env.store.clients.list()) if (origin === 'config' && !kept.has(id)) this.#forget(id);
    for (const client of clients) this.#env.store.clients.declare(this.#declarationOf(client, 'config'));
  }

  clients(): ClientView[] {
    return this.#env.store.clients.list().map((client) => this.#withQueue(client));
  }

  /** @throws PosternError `control.exists` */
  async addClient(client: NewClient): Promise<ClientView> {
    const { clients } = this.#env.store;
    if (clients.get(client.id) !== undefined) throw new PosternError('control.exists', { what: 'client', id: client.id });
    clients.declare(this.#declarationOf(client, 'added'));
    await this.#env.store.committed();
    return this.#withQueue(this.#known(client.id));
  }

  /** @throws PosternError `control.not-found`, `control.declared` */
  async removeClient(id: string): Promise<void> {
    if (this.#known(id).origin === 'config') throw new PosternError('control.declared', { what: 'client', id });
    this.#forget(id);
    await this.#env.store.committed();
  }

  /**
   * Lets a client in with random passwords, for a program that holds both ends; a known one with MD5 stays as it is.
   * @throws PosternError `control.exists` when it is known with credentials that cannot be shared
   */
  async enrol(id: string): Promise<Enrolment> {
    const { entropy, store } = this.#env;
    if (store.clients.get(id) === undefined) {
      await this.addClient({ id, scheme: 'md5', clientPassword: entropy.token(), serverPassword: entropy.token() });
    }
    const { scheme, userName, clientSecret, serverSecret } = this.#known(id);
    if (scheme !== 'md5' || serverSecret === undefined) throw new PosternError('control.exists', { what: 'client', id });
    return { scheme, userName, clientSecret, serverSecret };
  }

  /**
   * Queues a command; with `trigger` it asks the client for a session too.
   * @returns its id @throws PosternError `control.not-found`, `control.unavailable`, `control.no-trigger`
   */
  async order(client: string, order: Order, { trigger = false }: { readonly trigger?: boolean } = {}): Promise<number> {
    this.#known(client);
    if (trigger) this.#triggers.requireReach(client);
    const id = this.#queue.add(client, order);
    if (id === undefined) {
      throw new PosternError('control.unavailable', { what: `${this.#env.settings.maxQueued} commands wait for ${client} already` });
    }
    await this.#env.store.committed();
    // One that waits for its session goes again by itself.
    if (trigger && this.#triggers.view(client)?.state !== 'waiting') await this.#triggers.ask(client);
    return id;
  }

  /**
   * Asks a client for a session, and waits for it if told to. With `reach` it is reached there from now on.
   * @returns what has become of it
   * @throws PosternError `control.not-found`, `control.declared`, `control.unavailable`, `control.no-trigger`
   */
  async trigger(
    client: string,
    { wait = 0, reach }: { readonly wait?: Milliseconds; readonly reach?: string | undefined } = {},
  ): Promise<TriggerView> {
    await this.#moveTo(this.#known(client), reach);
    if (this.#stopping) throw new PosternError('control.unavailable', { what: 'the server is stopping' });
    await this.#triggers.ask(client);
    await this.#triggers.ended(client, wait);
    const view = this.#triggers.view(client);
    if (view === undefined) throw new PosternError('control.not-found', { what: 'client', id: client });
    return view;
  }

  /** What became of a command, once it has ended or the time is over. @throws PosternError `control.not-found` */
  async command(id: number, wait: Milliseconds): Promise<CommandRecord> {
    await this.#queue.ended(id, wait);
    await this.#env.store.committed();
    const record = this.#queue.get(id);
    if (record === undefined) throw new PosternError('control.not-found', { what: 'command', id });
    return record;
  }

  /** The newest last. */
  alerts(client?: string): AlertRecord[] {
    return this.#env.store.alerts.list(client, maxListed);
  }

  sessions(): ServerSessionView[] {
    return this.#sessions.list().map(({ token, client, session }) => ({
      id: token.slice(0, 8),
      client,
      sessionId: session.sessionId,
      state: session.authenticated ? 'open' : 'authenticating',
      startedAt: session.startedAt,
      ...session.traffic,
    }));
  }

  /** No new session and no new command from now on; resolves when the open sessions are over, at the latest after `grace`. */
  async stop(grace: Milliseconds): Promise<void> {
    this.#stopping = true;
    this.#triggers.stop();
    this.#queue.close();
    await this.#sessions.drain(grace);
    await this.#env.store.committed();
  }

  #declarationOf(
    { id, scheme, clientPassword, serverPassword, ...client }: NewClient,
    origin: ClientDeclaration['origin'],
  ): ClientDeclaration {
    const userName = client.userName ?? id;
    const { serverId } = this.#env.settings;
    return {
      ...{ id, scheme, userName, origin },
      clientSecret: keptSecret(scheme, userName, clientPassword, false),
      ...(serverPassword === undefined ? {} : { serverSecret: keptSecret(scheme, serverId, serverPassword, true) }),
      allowPlainHttp: client.allowPlainHttp ?? false,
      ...(client.reach === undefined ? {} : { reach: client.reach }),
    };
  }

  async #moveTo(client: ClientRecord, reach: string | undefined): Promise<void> {
    if (reach === undefined || reach === client.reach) return;
    if (client.origin === 'config') throw new PosternError('control.declared', { what: 'reach of', id: client.id });
    const { id, origin, scheme, userName, clientSecret, serverSecret, allowPlainHttp } = client;
    const proof = { scheme, userName, clientSecret, ...(serverSecret === undefined ? {} : { serverSecret }) };
    this.#env.store.clients.declare({ id, origin, ...proof, allowPlainHttp, reach });
    await this.#env.store.committed();
  }

  #known(id: string): ClientRecord {
    const client = this.#env.store.clients.get(id);
    if (client === undefined) throw new PosternError('control.not-found', { what: 'client', id });
    return client;
  }

  #withQueue(client: ClientRecord): ClientView {
    const trigger = this.#triggers.view(client.id);
    return { ...client, queued: this.#env.store.commands.queued(client.id), ...(trigger === undefined ? {} : { trigger }) };
  }

  #forget(id: string): void {
    this.#sessions.endFor(id);
    this.#triggers.forget(id);
    this.#env.store.clients.remove(id);
    this.#queue.wakeEnded();
  }
}
