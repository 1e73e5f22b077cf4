import { serversInTurn } from '#src/authority/index.js';
import { type DmPollHandler, LoginLimit, type Milliseconds, type Timer } from '#src/base/index.js';
import { Correlation } from './alerts/correlation.js';
import { DeviceAlerts } from './alerts/device-alerts.js';
import type { Environment } from './environment.js';
import { Inventory } from './inventory.js';
import { knownPlaces } from './logins/known-places.js';
import { runAbsentSession } from './north/absent-session.js';
import { Departures } from './north/departures.js';
import type { NorthEnd } from './north/north-session.js';
import { NorthSessions } from './north/north-sessions.js';
import { ReturningDevices } from './north/returning-devices.js';
import { type ServerAway, ServerOutages, type ServersAway } from './north/server-outages.js';
import { StartRate } from './north/start-rate.js';
import { runOwnSession } from './own/own-session.js';
import type { OwnDescription } from './own/own-tree.js';
import { type Account, type DeviceSummary, gatewayOwner } from './ports.js';
import { Presence } from './presence/presence.js';
import type { Sightings } from './presence/sighting.js';
import { ProxyConversation } from './proxy/conversation.js';
import { RecentEndings, type SessionEnding } from './sessions/recent-endings.js';
import type { SessionView } from './sessions/session-meter.js';
import { SouthEndpoint } from './south/south-endpoint.js';
import type { SouthSession } from './south/south-session.js';
import { SouthSessions } from './south/south-sessions.js';
import { isStoreFailure } from './store-failure.js';
import type { Gatekeeper } from './transparent/gatekeeper.js';
import { TransparentGatekeeper } from './transparent/transparent-gatekeeper.js';
import { PollDoor } from './triggers/poll-door.js';
import { Triggers } from './triggers/triggers.js';
import type { DmHandler } from './wire.js';

/** How long settled reports stay known, so that the same is not queued twice. */
const settledDays = 30;
/** How long it is remembered from where an account was right when it is not any more. */
const knownPlaceDays = 90;
const day = 86_400_000;

/** The DM Gateway: its southern endpoint, its sessions north, and what it tells of itself and its devices. */
export class Gateway {
  readonly #env: Environment;
  readonly #description: OwnDescription;
  readonly #north: NorthSessions;
  readonly #south: SouthSessions;
  readonly #outages: ServerOutages;
  readonly #returning: ReturningDevices;
  readonly #departures: Departures;
  readonly #inventory: Inventory;
  readonly #endpoint: SouthEndpoint;
  readonly #polls: PollDoor;
  readonly #conversations = new Set<Promise<void>>();
  readonly #endings = new RecentEndings();
  #pruning: Timer | undefined;
  readonly correlation: Correlation;
  /** Who is there, and whom the operator lets in. */
  readonly presence: Presence;
  /** Where the carriers hand in what DM servers send. */
  readonly triggers: Triggers;
  /** What wrong credentials of devices cost, at every door. */
  readonly logins: LoginLimit;
  /** What the forward proxy asks. */
  readonly gatekeeper: Gatekeeper;

  constructor(outside: Environment, description: OwnDescription) {
    const wanted = (account: Account, again: boolean) => this.#want(account, again);
    this.triggers = new Triggers({ env: outside, wanted, unreachable: (device) => this.presence.unreachable(device) });
    this.logins = new LoginLimit(outside.clock, outside.settings.logins, knownPlaces(outside));
    this.#polls = new PollDoor({ env: outside, triggers: this.triggers, logins: this.logins });
    const env = { triggers: this.triggers, endings: this.#endings, ...outside };
    this.#env = env;
    this.#description = description;
    this.#outages = new ServerOutages(env);
    this.#north = new NorthSessions(env, this.#outages);
    this.#south = new SouthSessions(env);
    const { clock, settings } = env;
    const wake = () => this.#departures.wake();
    const shared = { env, outages: this.#outages, rate: new StartRate(clock, settings.retry.sessionsPerSecond) };
    this.#returning = new ReturningDevices({ ...shared, wake });
    this.#departures = new Departures({ ...shared, north: this.#north, returning: this.#returning, description });
    this.correlation = new Correlation(env, wake);
    const endSessions = (device: string, detail: string) => this.#south.endFor(device, detail);
    this.presence = new Presence({ env, correlation: this.correlation, ownDevId: description.devId, endSessions });
    this.#inventory = new Inventory(env, this.presence);
    this.gatekeeper = new TransparentGatekeeper(env, this.#inventory, this.logins);
    const alerts = new DeviceAlerts(env, wake);
    const converse = (device: DeviceSummary, session: SouthSession, address: string) =>
      this.#track(this.#converse(device, session, address).finally(() => this.#returning.left(device.id)));
    const putOff = (device: DeviceSummary) => this.#putOff(device);
    this.#endpoint = new SouthEndpoint({ env, sessions: this.#south, alerts, logins: this.logins, putOff, converse });
  }

  get handler(): DmHandler {
    return (request) => this.#endpoint.handle(request);
  }

  accepts(path: string): boolean {
    return this.#endpoint.accepts(path);
  }

  /** Whether messages on this path belong to an open session. */
  isOpen(path: string): boolean {
    return this.#endpoint.isOpen(path);
  }

  /** Where devices ask for triggers. */
  get pollHandler(): DmPollHandler {
    return (poll) => this.#polls.handle(poll);
  }

  acceptsPoll(path: string): boolean {
    return this.#polls.accepts(path);
  }

  /** Whom the ways of discovery tell. */
  get sightings(): Sightings {
    return this.presence;
  }

  /** Begins to send what waits. */
  start(): void {
    this.#prune();
    this.#pruneDaily();
    this.presence.start();
    this.correlation.reconcile();
    this.triggers.start();
  }

  #prune(): void {
    const now = this.#env.clock.now();
    this.#env.store.outbox.prune(now - settledDays * day);
    this.#env.store.knownPlaces.prune(now - knownPlaceDays * day);
    this.triggers.expire();
  }

  /** What devices report would otherwise stay known until the next start. */
  #pruneDaily(): void {
    this.#pruning = this.#env.clock.timer('outbox-prune', day, () => {
      this.#pruneDaily();
      try {
        this.#prune();
      } catch (error) {
        // On a full disk it waits for another day.
        if (!isStoreFailure(error)) throw error;
        this.#env.log.error({ code: error.code }, 'what is settled could not be forgotten');
      }
    });
  }

  /** Lets no new session in, gives the open ones `grace` to end by themselves, then ends them: what is acknowledged is durable. */
  async stop(grace: Milliseconds): Promise<void> {
    this.#pruning?.cancel();
    this.presence.stop();
    this.#south.close();
    this.triggers.stop();
    const departures = this.#departures.stop();
    await Promise.race([Promise.allSettled([...this.#conversations, departures]), this.#after(grace)]);
    this.#south.abortAll();
    this.#north.close();
    await Promise.allSettled([...this.#conversations, departures]);
    await this.#env.store.committed();
  }

  /** Sessions that are open, on both legs. */
  sessions(): SessionView[] {
    return [...this.#south.views(), ...this.#north.views()];
  }

  /** How the last sessions ended, the newest first. */
  endings(): readonly SessionEnding[] {
    return this.#endings.list();
  }

  /** How many DM servers do not answer now, as far as anybody has tried. */
  get serversAway(): ServersAway {
    return this.#outages.serversAway;
  }

  /** Which these are, those that are away longest first. */
  listServersAway(): ServerAway[] {
    return this.#outages.list();
  }

  /** Opens a session at an account and says how it ended; a device's account is tried in its name, commands are not carried out. */
  async tryAccount(account: Account): Promise<NorthEnd> {
    const end = await (account.owner === gatewayOwner
      ? runOwnSession(this.#env, this.#north, this.#description, account)
      : runAbsentSession(this.#env, this.#north, account, this.#env.store.inventory.get(account.owner)));
    // What waited for the server goes now, if it answers.
    this.#departures.wake();
    return end;
  }

  /** Forgets a device with everything that belongs to it, and ends its session. */
  forget(device: string): boolean {
    return this.presence.forget(device);
  }

  async #converse(before: DeviceSummary, session: SouthSession, address: string): Promise<void> {
    const first = await session.next();
    if (first === undefined) return;
    const device = this.#inventory.contact(before, first.devInfo, address);
    this.triggers.arrived(device.id);
    await this.#env.store.committed();
    try {
      const nextOf = (served: ReadonlySet<string>) => this.#nextTurn(device, session, served);
      await new ProxyConversation(this.#env, this.#north, device, session).run(first, nextOf);
    } finally {
      // What its session north could not deliver is due again sooner than when it was taken, and a server that was away may have answered.
      this.#departures.wake();
    }
  }

  /** Whomever the server asks for, it is there: what waits for it is tried. */
  #want(account: Account, again: boolean): void {
    if (again && !this.#outages.wantedAgain(account)) return;
    if (!again) this.#outages.wanted(account);
    this.#departures.wake();
  }

  #putOff(device: DeviceSummary): Milliseconds {
    return this.#outages.areAllSteady ? 0 : this.#returning.admit(device.id, [...this.#serversInTurn(device)]);
  }

  /** Asked anew after each turn: what the device has reported meanwhile is work for a server that had none. */
  async #nextTurn(device: DeviceSummary, session: SouthSession, served: ReadonlySet<string>): Promise<Account | undefined> {
    for (const account of this.#serversInTurn(device, served)) {
      if (await this.#returning.turn(device.id, account, () => session.ended)) return account;
    }
    return undefined;
  }

  *#serversInTurn({ id, polling }: DeviceSummary, served: ReadonlySet<string> = new Set()): Iterable<Account> {
    const { accounts, outbox } = this.#env.store;
    const waiting = accounts.polled(id).filter(({ serverId }) => !served.has(serverId));
    const candidates = waiting.map((account) => ({
      ...account,
      triggered: this.#env.triggers?.sessionId(id, account.serverId) !== undefined,
      hasWork: outbox.isPending(id, account.serverId),
      polling: account.polling ?? polling,
    }));
    for (const { serverId } of serversInTurn(candidates, this.#env.clock.now())) {
      const account = accounts.get(id, serverId);
      // One that cannot be read has no turn.
      if (account !== undefined) yield account;
    }
  }

  #after(delay: Milliseconds): Promise<void> {
    return new Promise((resolve) => this.#env.clock.timer('drain', delay, resolve));
  }

  #track(conversation: Promise<void>): Promise<void> {
    const tracked = conversation.finally(() => this.#conversations.delete(tracked));
    this.#conversations.add(tracked);
    return tracked;
  }
}
