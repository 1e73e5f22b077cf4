import type { Clock, Counters, LoginLimit } from '#src/base/index.js';
import type { DeviceRecord } from '#src/gateway/index.js';
import { authenticate } from './authentication.js';
import type { DeviceSessions } from './device-sessions.js';
import type { BrokerDevices, BrokerLimits } from './options.js';
import type { Rules } from './rules.js';
import { Tally } from './tally.js';

export interface LoginParts {
  readonly devices: BrokerDevices;
  readonly limits: BrokerLimits;
  readonly rules: Rules;
  readonly sessions: DeviceSessions;
  readonly logins: LoginLimit;
  readonly counters?: Counters;
  readonly clock: Clock;
}

/** What a CONNECT says of itself. */
export interface ConnectRequest {
  readonly address: string;
  readonly userName: string;
  readonly password: Uint8Array;
  readonly clientId: string;
  readonly willTopic: string | undefined;
}

/** Return codes of a CONNACK. @see MQTT 3.1.1 § 3.2.2.3 */
export const refusals = { unavailable: 3, badCredentials: 4, notAuthorized: 5 } as const;

export type LoginVerdict =
  | { readonly kind: 'device'; readonly device: DeviceRecord }
  | { readonly kind: 'refused'; readonly code: 3 | 4 | 5; readonly why: string };

const minute = 60_000;

/** Judges who connects. Whoever is not a device of the inventory learns only that. */
export class Logins {
  readonly #parts: LoginParts;
  readonly #connects: Tally;

  constructor(parts: LoginParts) {
    const { limits, clock } = parts;
    this.#parts = parts;
    this.#connects = new Tally({ most: limits.connectsPerMinute, every: minute, ban: limits.ban, clock });
  }

  judge(request: ConnectRequest): LoginVerdict {
    const { devices, logins } = this.#parts;
    const attempt = { address: request.address, account: request.userName };
    if (logins.wait(attempt) > 0) return this.#refuse('delayed', refusals.unavailable, 'too many wrong passwords');
    const { device, exists } = authenticate(devices, request);
    if (device === undefined) {
      logins.failed(attempt, exists);
      return this.#refuse('unproved', refusals.badCredentials, 'wrong user name or password');
    }
    logins.succeeded(attempt);
    return this.#judgeDevice(device, request);
  }

  /** At once: whoever is held back holds memory. */
  #refuse(outcome: 'unproved' | 'delayed', code: 3 | 4, why: string): LoginVerdict {
    this.#parts.counters?.add('postern_logins_refused_total', { door: 'broker', outcome });
    return refused(code, why);
  }

  #judgeDevice(device: DeviceRecord, { address, willTopic, clientId }: ConnectRequest): LoginVerdict {
    const { devices, limits, rules, sessions } = this.#parts;
    // One that comes back under its old client id takes the place of a connection that may be dead.
    const others = sessions.of(device.id).filter((session) => session.clientId !== clientId);
    const name = `${device.id} ${address}`;
    this.#connects.add(name);
    if (this.#connects.isOver(name)) return this.#turnAway('flapping', refusals.unavailable, 'it connects too often');
    if (!devices.admits(device)) return this.#turnAway('not-admitted', refusals.notAuthorized, 'the device is not admitted');
    if (!rules.mayLeave(device, willTopic)) return this.#turnAway('will', refusals.notAuthorized, 'its will is not for its own place');
    if (others.length >= limits.perDevice) return this.#turnAway('device', refusals.unavailable, 'it has too many connections');
    return { kind: 'device', device };
  }

  #turnAway(reason: 'flapping' | 'not-admitted' | 'will' | 'device', code: 3 | 5, why: string): LoginVerdict {
    this.#parts.counters?.add('postern_broker_refused_total', { reason });
    return refused(code, why);
  }
}

function refused(code: 3 | 4 | 5, why: string): LoginVerdict {
  return { kind: 'refused', code, why };
}
