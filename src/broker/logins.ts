import type { Clock, Milliseconds } from '#src/base/index.js';
import type { DeviceRecord } from '#src/gateway/index.js';
import { authenticate } from './authentication.js';
import type { DeviceSessions } from './device-sessions.js';
import { LoginGuard } from './login-guard.js';
import type { BrokerDevices, BrokerLimits } from './options.js';
import type { Rules } from './rules.js';
import { Tally } from './tally.js';

export interface LoginParts {
  readonly devices: BrokerDevices;
  readonly limits: BrokerLimits;
  readonly rules: Rules;
  readonly sessions: DeviceSessions;
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
  | { readonly kind: 'refused'; readonly code: 3 | 4 | 5; readonly why: string; readonly after: Milliseconds };

const minute = 60_000;

/** Judges who connects. Whoever is not a device of the inventory learns only that. */
export class Logins {
  readonly #parts: LoginParts;
  readonly #guard: LoginGuard;
  readonly #connects: Tally;

  constructor(parts: LoginParts) {
    const { limits, clock } = parts;
    this.#parts = parts;
    this.#guard = new LoginGuard({ failuresPerMinute: limits.failuresPerMinute, clock });
    this.#connects = new Tally({ most: limits.connectsPerMinute, every: minute, ban: limits.ban, clock });
  }

  judge(request: ConnectRequest): LoginVerdict {
    const { address, userName } = request;
    const looked = this.#guard.admits(address, userName);
    const device = looked ? authenticate(this.#parts.devices, request) : undefined;
    if (device === undefined) {
      const why = looked ? 'wrong user name or password' : 'too many wrong passwords';
      return refused(refusals.badCredentials, why, this.#guard.failed(address, userName));
    }
    this.#guard.succeeded(address, userName);
    return this.#judgeDevice(device, request);
  }

  #judgeDevice(device: DeviceRecord, { address, willTopic, clientId }: ConnectRequest): LoginVerdict {
    const { devices, limits, rules, sessions } = this.#parts;
    // One that comes back under its old client id takes the place of a connection that may be dead.
    const others = sessions.of(device.id).filter((session) => session.clientId !== clientId);
    const name = `${device.id} ${address}`;
    this.#connects.add(name);
    if (this.#connects.isOver(name)) return refused(refusals.unavailable, 'it connects too often');
    if (!devices.admits(device)) return refused(refusals.notAuthorized, 'the device is not admitted');
    if (!rules.mayLeave(device, willTopic)) return refused(refusals.notAuthorized, 'its will is not for its own place');
    if (others.length >= limits.perDevice) return refused(refusals.unavailable, 'it has too many connections');
    return { kind: 'device', device };
  }
}

function refused(code: 3 | 4 | 5, why: string, after: Milliseconds = 0): LoginVerdict {
  return { kind: 'refused', code, why, after };
}
