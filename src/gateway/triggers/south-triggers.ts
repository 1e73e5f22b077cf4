import type { Milliseconds, Timer } from '#src/base/index.js';
import { encodeNotification } from '#src/dm/notification/index.js';
import type { Environment } from '../environment.js';
import { freshSessionId } from '../north/north-session.js';
import type { DeviceRecord } from '../ports.js';
import { isStoreFailure } from '../store-failure.js';
import type { DeviceWays } from './device-ways.js';
import type { DeviceTelling, TriggerPolicy } from './ports.js';

/**
 * Pauses after each telling. After all but the last the same goes again: datagrams get lost, and so do the answers to polls; the
 * broker repeats by itself. After the last the device is taken for unreachable.
 */
const pauses: Readonly<Record<TriggerPolicy['by'], readonly Milliseconds[]>> = {
  udp: [5_000, 30_000, 120_000, 120_000],
  poll: [5_000, 30_000, 120_000, 120_000],
  mqtt: [300_000],
};

export interface SouthTriggerParts {
  readonly env: Pick<Environment, 'clock' | 'entropy' | 'settings' | 'store' | 'log'>;
  readonly ways: Pick<DeviceWays, 'give'>;
  /** Whether a server still waits for the device. */
  readonly isWanted: (device: string) => boolean;
  /** A device was told as often as it is, and did not come. */
  readonly unreachable?: ((device: string) => void) | undefined;
}

interface Telling extends DeviceTelling {
  readonly timer: Timer;
}

/** How long a device is not told after a failure of our own. */
const afterFailure: Milliseconds = 5_000;

/**
 * Asks devices in proxy mode for a session by a trigger of our own: under the gateway's server id, with the secret that the gateway
 * has towards the device. What the server has sent would mean nothing to it.
 */
export class SouthTriggers {
  readonly #parts: SouthTriggerParts;
  readonly #tellings = new Map<string, Telling>();
  /** Devices that have come since they were told, and until when their own asking changes nothing. Monotonic times. */
  readonly #rest = new Map<string, Milliseconds>();
  #stopped = false;

  constructor(parts: SouthTriggerParts) {
    this.#parts = parts;
  }

  /** Tells a device, unless it is being told already. */
  tell(device: string): void {
    const { env, isWanted } = this.#parts;
    if (this.#stopped || this.#tellings.has(device) || !isWanted(device)) return;
    const record = env.store.inventory.get(device);
    const trigger = record?.mode === 'proxy' ? this.#trigger(record) : undefined;
    const by = record?.trigger?.by;
    if (trigger === undefined || by === undefined) return;
    this.#rest.delete(device);
    this.#give({ device, by, times: 0, since: env.clock.now() }, trigger, pauses[by]);
  }

  /** It asks whether it is wanted: told again if it did not come, but not each time that its server cannot be reached. */
  asked(device: string): void {
    const now = this.#parts.env.clock.monotonic();
    if (now >= (this.#rest.get(device) ?? now)) this.tell(device);
  }

  /** It has opened a session, and needs no telling. */
  arrived(device: string): void {
    const { clock, settings } = this.#parts.env;
    const telling = this.#end(device);
    if (telling?.by === 'poll') this.#rest.set(device, clock.monotonic() + settings.retry.cap);
  }

  /** Whom we are telling now. */
  list(): DeviceTelling[] {
    return [...this.#tellings.values()].map(({ timer: _, ...telling }) => telling);
  }

  stop(): void {
    this.#stopped = true;
    for (const device of [...this.#tellings.keys()]) this.#end(device);
  }

  /** None for a device that does not ask us for a password: it has nothing to know us by. */
  #trigger({ id, trigger, south }: DeviceRecord): Uint8Array | undefined {
    const { env } = this.#parts;
    const serverSecret = south?.serverSecret;
    if (trigger === undefined || serverSecret === undefined) return undefined;
    const nonce = env.store.nonces.get(`south/${id}`, 'server') ?? '';
    const about = { uiMode: 'background', initiator: 'server', sessionId: freshSessionId(env), serverId: env.settings.serverId } as const;
    return encodeNotification(about, serverSecret, nonce);
  }

  #give(telling: DeviceTelling, trigger: Uint8Array, [pause, ...later]: readonly Milliseconds[]): void {
    const { env, ways, isWanted, unreachable } = this.#parts;
    const { device, times } = telling;
    this.#tellings.delete(device);
    if (!isWanted(device)) return;
    if (pause === undefined) {
      env.log.info({ device, times }, 'a device was told that a server wants a session with it, and did not come');
      return unreachable?.(device);
    }
    const record = env.store.inventory.get(device);
    if (record === undefined || !ways.give(record, trigger)) return;
    env.log.debug({ device, by: telling.by, times: times + 1 }, 'a device is told that a server wants a session with it');
    this.#again({ ...telling, times: times + 1 }, pause, (told) => this.#give(told, trigger, later));
  }

  /** What is given through our own broker is kept there: where it cannot be kept now, a little later. */
  #again(telling: Omit<Telling, 'timer'>, pause: Milliseconds, give: (telling: Omit<Telling, 'timer'>) => void): void {
    const { clock, log } = this.#parts.env;
    const timer = clock.timer('south-trigger', pause, () => {
      try {
        give(telling);
      } catch (error) {
        if (!isStoreFailure(error)) throw error;
        log.error({ device: telling.device, code: error.code }, 'a device could not be told that a server wants a session with it');
        this.#again(telling, afterFailure, give);
      }
    });
    this.#tellings.set(telling.device, { ...telling, timer });
  }

  #end(device: string): Telling | undefined {
    const telling = this.#tellings.get(device);
    telling?.timer.cancel();
    this.#tellings.delete(device);
    return telling;
  }
}
