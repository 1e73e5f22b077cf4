import { countMet, type Milliseconds } from '#src/base/index.js';
import { readNotification } from '#src/dm/notification/index.js';
import type { Environment } from '../environment.js';
import { type Account, gatewayOwner, type PendingTriggers } from '../ports.js';
import { DeviceWays } from './device-ways.js';
import { judgeTrigger, type TriggerRefusal, type TriggerVerdict, triggerRefusals } from './judge.js';
import type { DeviceTelling, PendingTrigger, TriggerCarrier } from './ports.js';
import { defaultRelaySettings, type RelaySettings, TriggerRelay } from './relay.js';
import { SouthTriggers } from './south-triggers.js';
import { defaultPollSettings, type PollSettings, TriggerPolls } from './trigger-polls.js';

export interface TriggerSettings {
  /** What no session has answered is given up after this time. */
  readonly maxAge: Milliseconds;
  /** Pending ones of one account; a further one is refused. */
  readonly perAccount: number;
  /** Pending ones of all accounts. */
  readonly total: number;
  readonly relay: RelaySettings;
  readonly polls: PollSettings;
}

export const defaultTriggerSettings: TriggerSettings = {
  maxAge: 86_400_000,
  perAccount: 8,
  total: 1_000,
  relay: defaultRelaySettings,
  polls: defaultPollSettings,
};

/** What has come since the start. */
export interface TriggerCounts {
  readonly accepted: number;
  readonly joined: number;
  readonly relayed: number;
  readonly refused: Readonly<Record<TriggerRefusal, number>>;
}

export interface TriggerParts {
  readonly env: Environment;
  /** A server has proved that it wants a session with the owner of the account; `again`: it, or whoever recorded it, has said so before. */
  readonly wanted: (account: Account, again: boolean) => void;
  /** A device was told as often as it is, and did not come. */
  readonly unreachable?: (device: string) => void;
}

/**
 * What servers have asked for by triggers: proved, kept until a session has answered it, and then never answered again.
 * A trigger names its server only; its carrier names the target. It leads to the address of the target's account, and to
 * no other.
 */
export class Triggers implements PendingTriggers {
  readonly #env: Environment;
  readonly #settings: TriggerSettings;
  readonly #wanted: TriggerParts['wanted'];
  readonly #south: SouthTriggers;
  readonly #relay: TriggerRelay;
  readonly #polls: TriggerPolls;
  readonly #counts = { accepted: 0, joined: 0, relayed: 0, refused: noRefusals() };

  constructor({ env, wanted, unreachable }: TriggerParts) {
    this.#env = env;
    this.#settings = env.settings.triggers ?? defaultTriggerSettings;
    this.#polls = new TriggerPolls(env.clock, this.#settings.polls);
    const ways = new DeviceWays({ wires: env.deviceWires ?? {}, polls: this.#polls, log: env.log });
    const isWanted = (device: string) => this.#pending(device).length > 0;
    this.#south = new SouthTriggers({ env, ways, isWanted, unreachable });
    this.#relay = new TriggerRelay({ ways, clock: env.clock, settings: this.#settings.relay });
    this.#wanted = wanted;
  }

  get counts(): TriggerCounts {
    return { ...this.#counts, refused: { ...this.#counts.refused } };
  }

  /** Gives up what is too old, and tells the devices that are asked for. */
  start(): void {
    this.expire();
    for (const device of new Set(this.#pending().map(({ owner }) => owner))) this.#south.tell(device);
  }

  /** Tells nobody any more. */
  stop(): void {
    this.#south.stop();
    this.#polls.close();
  }

  /** Drops what no session has answered in time. */
  expire(): void {
    const expired = this.#env.store.triggers.expire(this.#oldest());
    if (expired === 0) return;
    countMet(this.#env.counters, 'triggers.limits.age', expired);
    this.#env.log.warn({ expired }, 'triggers that no session could answer in time are given up');
  }

  /** All that are pending, the oldest first. */
  list(): PendingTrigger[] {
    return this.#pending();
  }

  /** The devices that are being told. */
  tellings(): DeviceTelling[] {
    return this.#south.list();
  }

  /**
   * Takes a trigger for a target: `gateway`, or a DevId. When it resolves, what was accepted or joined is durable; the
   * carrier may acknowledge it, and says nothing about what was refused.
   * @param source who sent it, as far as the carrier knows: what is relayed is limited by it
   * @throws PosternError `store.*`
   */
  async receive(target: string, bytes: Uint8Array, carrier: TriggerCarrier, source: string = carrier): Promise<TriggerVerdict> {
    const verdict = this.#take(target, bytes, carrier, source);
    this.#env.counters?.add('postern_triggers_total', { verdict: verdict.kind === 'refused' ? verdict.why : verdict.kind, carrier });
    if (verdict.kind === 'refused') this.#counts.refused[verdict.why] += 1;
    else {
      await this.#env.store.committed();
      this.#counts[verdict.kind] += 1;
    }
    // A server that sends again has not got its session yet.
    if (verdict.kind === 'accepted' || verdict.kind === 'joined') this.#south.tell(target);
    return verdict;
  }

  /** A device has opened a session: it needs no telling, and what is offered to its polls is out of date. */
  arrived(device: string): void {
    this.#south.arrived(device);
    this.#polls.withdraw(device);
  }

  /** Whether a device's poll has no room now. */
  isPollFull(device: string): boolean {
    return this.#polls.isFullFor(device);
  }

  /** The long-poll of a device that has proved itself: the trigger that is for it, or undefined when there was none for so long. */
  poll(device: string, gone: AbortSignal): Promise<Uint8Array | undefined> {
    this.#south.asked(device);
    return this.#polls.next(device, gone);
  }

  wanting(owner: string): string[] {
    return [...new Set(this.#pending(owner).map(({ serverId }) => serverId))];
  }

  sessionId(owner: string, serverId: string): string | undefined {
    return this.#pending(owner, serverId)[0]?.sessionId;
  }

  answered(owner: string, serverId: string, sessionId: string): void {
    const { triggers } = this.#env.store;
    const current = this.#nonce(owner, serverId);
    for (const trigger of triggers.pending(owner, serverId).filter((one) => one.sessionId === sessionId)) {
      // A nonce that was replaced proves nothing any more; under one that stays, the same could come again.
      if (trigger.nonce === current) triggers.use(trigger);
      else triggers.drop(trigger);
    }
    triggers.forgetUsed(owner, serverId, current);
  }

  #take(target: string, bytes: Uint8Array, carrier: TriggerCarrier, source: string): TriggerVerdict {
    const received = readNotification(bytes);
    if (received === undefined) return { kind: 'refused', why: 'malformed' };
    const device = target === gatewayOwner ? undefined : this.#env.store.inventory.get(target);
    if (device?.mode === 'transparent') return this.#relay.relay(device, bytes, source);
    if (target !== gatewayOwner && device?.mode !== 'proxy') return { kind: 'refused', why: 'unknown-target' };
    const { serverId, sessionId, uiMode, initiator } = received;
    const nonce = this.#nonce(target, serverId);
    const key = { owner: target, serverId, nonce, sessionId };
    const { accounts, triggers } = this.#env.store;
    const account = accounts.get(target, serverId);
    const situation = { account, nonce, state: triggers.state(key), isFull: this.#isFull(target, serverId) };
    const verdict = judgeTrigger(received, situation);
    if (verdict.kind === 'joined' && account !== undefined) this.#wanted(account, true);
    if (verdict.kind !== 'accepted') return verdict;
    triggers.forgetUsed(target, serverId, nonce);
    triggers.add({ ...key, uiMode, initiator, carrier, receivedAt: this.#env.clock.now() });
    this.#env.log.info({ target, serverId, sessionId, carrier, uiMode, initiator }, 'a DM server wants a session');
    // The session says nothing before what was written is durable.
    if (account !== undefined) this.#wanted(account, false);
    return verdict;
  }

  #isFull(owner: string, serverId: string): boolean {
    const { triggers } = this.#env.store;
    const { perAccount, total } = this.#settings;
    const isTight = () => triggers.pending(owner, serverId).length >= perAccount || triggers.count() >= total;
    if (!isTight()) return false;
    this.expire();
    return isTight();
  }

  #pending(owner?: string, serverId?: string): PendingTrigger[] {
    const oldest = this.#oldest();
    return this.#env.store.triggers.pending(owner, serverId).filter(({ receivedAt }) => receivedAt >= oldest);
  }

  #oldest(): number {
    return this.#env.clock.now() - this.#settings.maxAge;
  }

  #nonce(owner: string, serverId: string): string {
    return this.#env.store.nonces.get(`north/${owner}/${serverId}`, 'server') ?? '';
  }
}

function noRefusals(): Record<TriggerRefusal, number> {
  return Object.fromEntries(triggerRefusals.map((why) => [why, 0])) as Record<TriggerRefusal, number>;
}
