import type { DmPoll, DmResponse } from '#src/base/index.js';
import type { Environment } from '../environment.js';
import { PasswordHolders } from '../password-holders.js';
import type { Triggers } from './triggers.js';

export interface PollDoorParts {
  readonly env: Environment;
  readonly triggers: Pick<Triggers, 'isPollFull' | 'poll'>;
}

/** Below a path of the southern endpoint. */
const leaf = 'trigger';
const triggerContentType = 'application/vnd.syncml.notification';
/** How long a guess at a password waits for its answer, and how many may wait. */
const strangerDelay = 1_000;
const strangersAtOnce = 16;

/**
 * Where devices that can do nothing else ask whether a server wants a session with them: `GET <path>/trigger`, with their southern
 * name and password (Basic). 200 with a Package#0 when one does, 204 when none did for as long as a poll waits.
 */
export class PollDoor {
  readonly #env: Environment;
  readonly #triggers: PollDoorParts['triggers'];
  readonly #holders: PasswordHolders;
  #strangers = 0;

  constructor({ env, triggers }: PollDoorParts) {
    this.#env = env;
    this.#triggers = triggers;
    this.#holders = new PasswordHolders(env, ({ trigger, presence }) => trigger?.by === 'poll' && presence !== 'quarantined');
  }

  accepts(path: string): boolean {
    return this.#env.settings.paths.some((own) => path === (own.endsWith('/') ? own + leaf : `${own}/${leaf}`));
  }

  async handle(poll: DmPoll): Promise<DmResponse> {
    if (poll.authorization === undefined) return this.#unproved(poll);
    const device = this.#holders.find(poll.authorization);
    if (device === undefined || !(poll.encrypted || device.allowPlainHttp)) return this.#refuse(poll);
    if (this.#triggers.isPollFull(device.id)) return { status: 503, headers: { 'Retry-After': '30' }, close: true };
    const trigger = await this.#triggers.poll(device.id, poll.signal);
    return trigger === undefined ? { status: 204 } : { status: 200, contentType: triggerContentType, body: trigger };
  }

  /** A wrong password, and a right one that may not travel like this: alike, and late. */
  async #refuse(poll: DmPoll): Promise<DmResponse> {
    this.#env.log.warn(
      { address: poll.remoteAddress },
      'a poll for triggers was refused: wrong name or password, or no leave for plain http',
    );
    if (this.#strangers >= strangersAtOnce) return { status: 503, headers: { 'Retry-After': '30' }, close: true };
    this.#strangers += 1;
    await new Promise<void>((resolve) => this.#env.clock.timer('poll-refused', strangerDelay, resolve));
    this.#strangers -= 1;
    return this.#unproved(poll);
  }

  #unproved({ encrypted }: DmPoll): DmResponse {
    // Nobody is to be asked for a password where it can be read on the way.
    if (!encrypted) return { status: 403, close: true };
    return { status: 401, headers: { 'WWW-Authenticate': `Basic realm="${leaf}", charset="UTF-8"` }, close: true };
  }
}
