import type { LoginLimit, Milliseconds } from '#src/base/index.js';
import type { Environment } from '../environment.js';
import type { DeviceRecord } from '../ports.js';
import { type Claim, claimsOf, proves, provesNothing } from '../transparent/proxy-credentials.js';
import { countLogin, type LoginDoor } from './login-counts.js';
import { type ProvedDevice, ProvedPasswords } from './proved-passwords.js';

export interface PasswordHoldersOptions {
  readonly env: Pick<Environment, 'store' | 'counters'>;
  readonly logins: LoginLimit;
  readonly door: LoginDoor;
  /** Whether a device may be found at all; of any other the password proves nothing. It depends on the record alone. */
  readonly isMeant: (device: DeviceRecord) => boolean;
}

/** Credentials as they stand in a request, and how they came. */
export interface ShownPassword {
  readonly authorization: string;
  readonly address: string;
  readonly encrypted: boolean;
}

export type PasswordVerdict =
  | { readonly kind: 'device'; readonly device: ProvedDevice }
  /** `inPlain`: the password is right, but this device may not show it over plain http; its peer learns nothing of that. */
  | { readonly kind: 'unproved'; readonly inPlain?: ProvedDevice }
  /** Not looked at: too many were wrong before. */
  | { readonly kind: 'delayed'; readonly wait: Milliseconds };

/** What became of one reading of the credentials. */
interface Trial {
  readonly exists: boolean;
  readonly device?: ProvedDevice;
}

/** Tells devices of one sort by the name and password that they show in HTTP (Basic). */
export class PasswordHolders {
  readonly #options: PasswordHoldersOptions;
  readonly #proved: ProvedPasswords;

  constructor(options: PasswordHoldersOptions) {
    this.#options = options;
    this.#proved = new ProvedPasswords(options.env.store.inventory);
  }

  find(shown: ShownPassword): PasswordVerdict {
    const verdict = this.#remember(shown) ?? this.#judge(shown);
    if (verdict.kind !== 'device') countLogin(this.#options.env, this.#options.door, verdict.kind);
    return verdict;
  }

  /** What was found before and is still so; undefined: it is to be looked at. */
  #remember({ authorization, address, encrypted }: ShownPassword): PasswordVerdict | undefined {
    const { logins } = this.#options;
    const { account, device } = this.#proved.find(authorization) ?? {};
    if (account === undefined || device === undefined || !mayCome(device, encrypted)) return undefined;
    const attempt = { address, account };
    if (logins.wait(attempt) > 0) return undefined;
    logins.succeeded(attempt);
    return { kind: 'device', device };
  }

  /** Each reading of the credentials has a name of its own, and is looked at unless that name was wrong too often. */
  #judge({ authorization, address, encrypted }: ShownPassword): PasswordVerdict {
    const { logins } = this.#options;
    const readings = claimsOf(authorization).map((claim) => {
      const attempt = { address, account: claim.userName };
      return { claim, attempt, wait: logins.wait(attempt) };
    });
    const looked = readings.filter(({ wait }) => wait === 0);
    if (readings.length > 0 && looked.length === 0) return { kind: 'delayed', wait: Math.min(...readings.map(({ wait }) => wait)) };
    const holders = this.#holdersOf(looked.map(({ claim }) => claim));
    const trials = looked.map(({ claim, attempt }) => ({ attempt, ...tryOn(holders, claim) }));
    const proved = trials.find(({ device }) => device !== undefined);
    const device = proved?.device;
    if (proved !== undefined && device !== undefined && mayCome(device, encrypted)) {
      logins.succeeded(proved.attempt);
      // What a reading that was not looked at would have said, nobody knows.
      if (looked.length === readings.length) this.#proved.keep(authorization, { account: proved.attempt.account, device });
      return { kind: 'device', device };
    }
    for (const { attempt, exists } of trials) logins.failed(attempt, exists);
    return device === undefined ? { kind: 'unproved' } : { kind: 'unproved', inPlain: device };
  }

  #holdersOf(claims: readonly Claim[]): DeviceRecord[] {
    const { env, isMeant } = this.#options;
    return env.store.inventory.named(...claims.map(({ userName }) => userName)).filter(isMeant);
  }
}

/** Every claim costs the same, whoever it names: how long it takes tells nobody who is known. */
function tryOn(holders: readonly DeviceRecord[], claim: Claim): Trial {
  const devices = holders.filter(({ south }) => south?.userName === claim.userName);
  if (devices.length === 0) provesNothing(claim);
  const [device] = devices.filter((candidate) => proves(claim, candidate));
  return { exists: devices.length > 0, ...(device === undefined ? {} : { device: withoutSecrets(device) }) };
}

function withoutSecrets({ id, allowPlainHttp }: DeviceRecord): ProvedDevice {
  return { id, allowPlainHttp };
}

function mayCome({ allowPlainHttp }: ProvedDevice, encrypted: boolean): boolean {
  return encrypted || allowPlainHttp;
}
