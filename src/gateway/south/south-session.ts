import { countMet, type Milliseconds, retryAfter, type Timer } from '#src/base/index.js';
import {
  type Delivery,
  newServer,
  type ServerEffect,
  type ServerInput,
  type ServerSetup,
  type ServerState,
  stepServer,
} from '#src/dm/server/index.js';
import type { EndReason } from '#src/dm/session/index.js';
import type { Alert, Codec, Item, Reply, ServerCommand, SyncMLMessage } from '#src/dm/syncml/index.js';
import type { Environment } from '../environment.js';
import type { SessionMeter } from '../sessions/session-meter.js';
import { isStoreFailure } from '../store-failure.js';
import type { DmResponse } from '../wire.js';

/** What a device said in one package. */
export interface DevicePackage {
  /** 1200 or 1201, in the first one. */
  readonly opened?: '1200' | '1201';
  readonly devInfo: readonly Item[];
  /** What became of the commands of the last {@link SouthSession.perform}. */
  readonly replies: readonly Reply[];
}

export interface SouthSetup {
  /** Names the nonces of this leg. */
  readonly leg: string;
  readonly codec: Codec;
  readonly server: Omit<ServerSetup, 'encode'>;
  readonly meter: SessionMeter;
  /** Keeps the device's alerts and says the Status of each; what it writes is durable before the answer leaves. */
  readonly judge: (alerts: readonly Alert[]) => readonly string[];
  /** The device has proved itself: how long it is to stay away all the same, before anything of it is taken; 0: not at all. */
  readonly putOff: () => Milliseconds;
  /** The device has proved itself: what follows is its conversation. */
  readonly onAuthenticated: (session: SouthSession) => void;
  /** Called before an answer leaves; what it writes is durable with it. */
  readonly onAnswer: (answer: DmResponse) => void;
  readonly onEnd: (session: SouthSession, reason: EndReason, detail: string | undefined) => void;
}

/** What a device is asked when nothing is ready: it keeps the session and costs the device nothing. */
const harmlessGet: ServerCommand = { name: 'Get', CmdID: 'hold', Item: [{ Target: { LocURI: './DevInfo/DmV' } }] };
/** How often a device is held before it gets a clean end. */
const maxHolds = 8;
/** Messages of a package that a device does not close, and of one session. */
const maxOpenMessages = 1_000;
const maxMessages = 100_000;
/** What a package may hold, in objects of the largest size. */
const maxObjects = 8;
/** Nothing of the message was taken. */
const notKept: DmResponse = { status: 503, headers: { 'Retry-After': '5' }, close: true };

/**
 * A session with a device, as its server: the machine with the device's HTTP exchanges and its patience.
 * The endpoint calls {@link receive}; the conversation calls {@link next} and {@link perform}.
 */
export class SouthSession {
  readonly #env: Environment;
  readonly #setup: SouthSetup;
  #state: ServerState;
  #proved = false;
  #authenticated = false;
  /** The device's request that waits for an answer. */
  #answerTo: ((response: DmResponse) => void) | undefined;
  #reported = false;
  /** Statuses for the alerts of that request. */
  #statuses: readonly string[] = [];
  /** What has come and not been taken by the conversation. */
  #package: DevicePackage | undefined;
  /** What came in messages that did not close the device's package. */
  #early: Pick<DevicePackage, 'opened' | 'devInfo'> = { devInfo: [] };
  #waiting: ((said: DevicePackage | undefined) => void) | undefined;
  /** Commands that became ready while the device was busy with a harmless Get. */
  #ready: readonly ServerCommand[] | undefined;
  /** Messages and bytes of the device's package that is not closed. */
  #unclosed = { messages: 0, bytes: 0 };
  #holds = 0;
  #holding = false;
  /** Turns whose writes the store had lost when the device's last message came. */
  #losses = 0;
  #patience: Timer | undefined;
  #idle: Timer | undefined;

  constructor(env: Environment, setup: SouthSetup) {
    this.#env = env;
    this.#setup = setup;
    this.#state = newServer({ ...setup.server, encode: (message) => this.#encode(message) });
  }

  get ended(): boolean {
    return this.#state.phase === 'ended';
  }

  /** Whether its credentials were right, be it that it was put off. */
  get proved(): boolean {
    return this.#proved;
  }

  get authenticated(): boolean {
    return this.#authenticated;
  }

  /** A message is being worked on. */
  get busy(): boolean {
    return this.#answerTo !== undefined;
  }

  /** The device has reported something, and if it demands proof of us it cannot believe our statuses: it has given us no nonce. */
  get isUnheard(): boolean {
    const { ownAuth } = this.#state;
    const canProve = ownAuth === undefined || ownAuth.established || ownAuth.scheme === 'basic' || ownAuth.nonce !== undefined;
    return this.#reported && !canProve;
  }

  get sessionId(): string {
    return this.#state.leg.sessionId;
  }

  get meter(): SessionMeter {
    return this.#setup.meter;
  }

  /** The largest object that the device takes, in characters; ours where it does not say. */
  get maxObjSize(): number {
    return this.#state.leg.peerMaxObjSize ?? this.#env.settings.offer.maxObjSize;
  }

  /** What the device answered before the session ended, and the conversation has not been told. */
  get undelivered(): readonly Reply[] {
    return this.ended ? this.#state.replies : [];
  }

  /** Takes a message of the device, of so many bytes; resolves with the answer when there is one. */
  receive(message: SyncMLMessage, bytes: number): Promise<DmResponse> {
    this.#idle?.cancel();
    this.#losses = this.#env.store.losses;
    this.#setup.meter.begin(message.SyncHdr.SessionID);
    this.#setup.meter.count(bytes);
    return new Promise((resolve) => {
      this.#answerTo = resolve;
      if (this.#isTooMuch(message, bytes)) return this.#apply({ kind: 'silence', detail: 'the device says more than a session holds' });
      this.#patience = this.#env.clock.timer('device-wait', this.#env.settings.deviceWait, () => this.#hold());
      this.#apply({ kind: 'message', message, fresh: this.#env.entropy.nonce() });
    });
  }

  /** A package is kept until it is closed: one that never is must not grow for ever. */
  #isTooMuch({ SyncBody }: SyncMLMessage, bytes: number): boolean {
    const { messages, bytes: before } = this.#unclosed;
    this.#unclosed = SyncBody.Final ? { messages: 0, bytes: 0 } : { messages: messages + 1, bytes: before + bytes };
    const { maxObjSize, maxMsgSize } = this.#env.settings.offer;
    const tooLong = messages >= maxOpenMessages || this.#setup.meter.messages >= maxMessages;
    return tooLong || before + bytes > maxObjects * (maxObjSize + maxMsgSize);
  }

  /** The device's next package; undefined when the session has ended. */
  next(): Promise<DevicePackage | undefined> {
    const said = this.#package;
    this.#package = undefined;
    if (said !== undefined || this.ended) return Promise.resolve(said);
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  /**
   * Gives the device its next commands and waits for what became of them. Without commands the session ends.
   * @returns undefined when the session is over, be it that the device went silent
   */
  perform(commands: readonly ServerCommand[]): Promise<DevicePackage | undefined> {
    if (this.#state.phase === 'working') this.#apply({ kind: 'answer', statuses: this.#statuses, commands });
    else this.#ready = commands;
    return this.next();
  }

  /** Ends it from our side: with 1223 if the device waits for us. */
  abort(detail: string): void {
    if (this.#state.phase === 'working') this.#apply({ kind: 'answer', statuses: this.#statuses, commands: [], abort: true });
    else this.#apply({ kind: 'silence', detail });
  }

  #encode(message: SyncMLMessage): Uint8Array {
    const tooLarge = message.SyncBody.commands.filter((command) => command.name === 'Status' && command.Data === '413');
    if (tooLarge.length > 0) countMet(this.#env.counters, 'limits.objectBytes', tooLarge.length);
    return this.#setup.codec.encode(message);
  }

  #apply(input: ServerInput): void {
    try {
      this.#step(input);
    } catch (error) {
      if (!isStoreFailure(error)) throw error;
      this.#giveUp();
    }
  }

  #step(input: ServerInput): void {
    const { state, effects } = stepServer(this.#state, input);
    if (!this.#proved && state.clientAuth.accepted) {
      this.#proved = true;
      const wait = this.#setup.putOff();
      if (wait > 0) return this.#putOff(wait);
      this.#becomeAuthenticated();
    }
    this.#state = state;
    for (const effect of effects) this.#carryOut(effect);
    if (this.ended) this.#release();
  }

  /** Nothing of the message was taken, nor its nonce: the same may come again. */
  #putOff(wait: Milliseconds): void {
    const answerTo = this.#answerTo;
    this.#answerTo = undefined;
    answerTo?.({ status: 503, headers: { 'Retry-After': retryAfter(wait) }, close: true });
    this.#step({ kind: 'silence', detail: 'the device is to come later' });
  }

  #becomeAuthenticated(): void {
    this.#authenticated = true;
    this.#setup.meter.authenticated();
    this.#setup.onAuthenticated(this);
  }

  #carryOut(effect: ServerEffect): void {
    switch (effect.kind) {
      case 'store-nonce':
        return this.#env.store.nonces.put(this.#setup.leg, effect.whose, effect.nonce);
      case 'send':
        return this.#send(effect.bytes);
      case 'deliver':
        return this.#deliver(effect);
      case 'end':
        return this.#setup.onEnd(this, effect.reason, effect.detail);
    }
  }

  /** An answer leaves only once everything that it acknowledges is durable, be it written now or when the message came. */
  #send(body: Uint8Array): void {
    this.#patience?.cancel();
    this.#setup.meter.count(body.length);
    const answer: DmResponse = { status: 200, contentType: `${this.#setup.codec.contentType}; charset=UTF-8`, body };
    this.#setup.onAnswer(answer);
    const answerTo = this.#answerTo;
    this.#answerTo = undefined;
    this.#idle = this.#env.clock.timer('session-idle', this.#env.settings.sessionIdle, () => this.abort('the device went silent'));
    const losses = this.#losses;
    this.#env.store.committed().then(
      () => (this.#env.store.losses === losses ? answerTo?.(answer) : this.#giveUp(answerTo)),
      () => this.#giveUp(answerTo),
    );
  }

  /** What cannot be kept is not acknowledged: the device says it again, and is not answered out of what this session has promised. */
  #giveUp(answerTo = this.#answerTo): void {
    this.#answerTo = undefined;
    answerTo?.(notKept);
    if (!this.ended) this.#step({ kind: 'silence', detail: 'what the device said could not be kept' });
  }

  #deliver(delivery: Delivery): void {
    this.#statuses = this.#setup.judge(delivery.alerts);
    this.#reported ||= delivery.alerts.length > 0;
    const opened = delivery.opened ?? this.#early.opened;
    const early = { devInfo: [...this.#early.devInfo, ...delivery.devInfo], ...(opened === undefined ? {} : { opened }) };
    if (!delivery.final) {
      this.#early = early;
      return this.#apply({ kind: 'answer', statuses: this.#statuses, commands: [] });
    }
    if (this.#holding) return this.#resume();
    this.#early = { devInfo: [] };
    this.#hand({ ...early, replies: delivery.replies });
  }

  #hand(said: DevicePackage | undefined): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting === undefined) this.#package = said;
    else waiting(said);
  }

  /** The device has waited as long as it may: it gets something harmless to do while its servers take their time. */
  #hold(): void {
    if (this.#state.phase !== 'working') return;
    if (this.#holds >= maxHolds) return this.#apply({ kind: 'answer', statuses: this.#statuses, commands: [] });
    this.#holds += 1;
    countMet(this.#env.counters, 'limits.deviceWait');
    this.#holding = true;
    this.#apply({ kind: 'answer', statuses: this.#statuses, commands: [harmlessGet] });
  }

  /** The device is back from a harmless Get, whose answer nobody asked for. */
  #resume(): void {
    this.#holding = false;
    const ready = this.#ready;
    this.#ready = undefined;
    if (ready !== undefined) this.#apply({ kind: 'answer', statuses: this.#statuses, commands: ready });
  }

  #release(): void {
    this.#patience?.cancel();
    this.#idle?.cancel();
    const answerTo = this.#answerTo;
    this.#answerTo = undefined;
    answerTo?.({ status: 503, close: true });
    if (this.#waiting !== undefined) this.#hand(undefined);
  }
}
