import { countMet, type DmPoll, type DmResponse, LimitedLog, type LoginLimit, overloadedRetryAfter, retryAfter } from '#src/base/index.js';
import type { Environment } from '../environment.js';
import { PasswordHolders, type PasswordVerdict } from '../logins/password-holders.js';
import type { DeviceRecord } from '../ports.js';
import type { Triggers } from './triggers.js';

export interface PollDoorParts {
  readonly env: Environment;
  readonly triggers: Pick<Triggers, 'isPollFull' | 'poll'>;
  readonly logins: LoginLimit;
}

/** Below a path of the southern endpoint. */
const leaf = 'trigger';
const triggerContentType = 'application/vnd.syncml.notification';

/**
 * Where devices that can do nothing else ask whether a server wants a session with them: `GET <path>/trigger`, with their southern
 * name and password (Basic). 200 with a Package#0 when one does, 204 when none did for as long as a poll waits.
 */
export class PollDoor {
  readonly #env: Environment;
  readonly #triggers: PollDoorParts['triggers'];
  readonly #holders: PasswordHolders;
  readonly #complaints: LimitedLog;

  constructor({ env, triggers, logins }: PollDoorParts) {
    this.#env = env;
    this.#triggers = triggers;
    this.#complaints = new LimitedLog(env);
    const isMeant = ({ trigger, presence }: DeviceRecord) => trigger?.by === 'poll' && presence !== 'quarantined';
    this.#holders = new PasswordHolders({ env, logins, door: 'poll', isMeant });
  }

  accepts(path: string): boolean {
    return this.#env.settings.paths.some((own) => path === (own.endsWith('/') ? own + leaf : `${own}/${leaf}`));
  }

  async handle(poll: DmPoll): Promise<DmResponse> {
    if (poll.authorization === undefined) return this.#unproved(poll);
    const { authorization, remoteAddress: address, encrypted } = poll;
    const verdict = this.#holders.find({ authorization, address, encrypted });
    if (verdict.kind !== 'device') return this.#refuse(poll, verdict);
    const { device } = verdict;
    if (this.#env.overload?.admits('poll') === false) return { status: 503, headers: { 'Retry-After': overloadedRetryAfter }, close: true };
    if (this.#triggers.isPollFull(device.id)) return this.#full();
    const trigger = await this.#triggers.poll(device.id, poll.signal);
    return trigger === undefined ? { status: 204 } : { status: 200, contentType: triggerContentType, body: trigger };
  }

  #full(): DmResponse {
    countMet(this.#env.counters, 'triggers.poll.maxWaiting');
    return { status: 503, headers: { 'Retry-After': '30' }, close: true };
  }

  /** A wrong password, and a right one that may not travel like this, are refused alike; too many of them are not looked at. */
  #refuse(poll: DmPoll, verdict: Exclude<PasswordVerdict, { kind: 'device' }>): DmResponse {
    const { remoteAddress: address } = poll;
    this.#complaints.warn(
      { reason: verdict.kind, source: address },
      { address },
      'a poll for triggers was refused: wrong name or password, or no leave for plain http',
    );
    if (verdict.kind === 'unproved') return this.#unproved(poll);
    return { status: 503, headers: { 'Retry-After': retryAfter(verdict.wait) }, close: true };
  }

  #unproved({ encrypted }: DmPoll): DmResponse {
    // Nobody is to be asked for a password where it can be read on the way.
    if (!encrypted) return { status: 403, close: true };
    return { status: 401, headers: { 'WWW-Authenticate': `Basic realm="${leaf}", charset="UTF-8"` }, close: true };
  }
}
