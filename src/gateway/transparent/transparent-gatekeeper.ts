import { LimitedLog, type LoginLimit } from '#src/base/index.js';
import type { Environment } from '../environment.js';
import type { Inventory } from '../inventory.js';
import { PasswordHolders } from '../logins/password-holders.js';
import type { ProvedDevice } from '../logins/proved-passwords.js';
import type { DeviceRecord } from '../ports.js';
import { isListed, leadsOut, placeOf } from './allowed-places.js';
import type { AllowedPlace, Caller, Destination, Gatekeeper, Identified, TransparentSettings } from './gatekeeper.js';

const nothing: TransparentSettings = { allow: [], addresses: new Map() };

/**
 * Who may leave through the forward proxy, and where to: transparent devices, to the servers of their accounts and to what the
 * operator allows them all.
 */
export class TransparentGatekeeper implements Gatekeeper {
  readonly #env: Environment;
  readonly #inventory: Inventory;
  readonly #settings: TransparentSettings;
  readonly #complaints: LimitedLog;
  readonly #holders: PasswordHolders;

  constructor(env: Environment, inventory: Inventory, logins: LoginLimit) {
    this.#env = env;
    this.#inventory = inventory;
    this.#settings = env.settings.transparent ?? nothing;
    this.#complaints = new LimitedLog(env);
    this.#holders = new PasswordHolders({ env, logins, door: 'proxy', isMeant: isTransparent });
  }

  identify({ address, encrypted, authorization }: Caller): Identified {
    if (authorization === undefined) return this.#transparent(this.#settings.addresses.get(address))?.id;
    const verdict = this.#holders.find({ authorization, address, encrypted });
    if (verdict.kind === 'device') return verdict.device.id;
    if (verdict.kind === 'delayed') return { wait: verdict.wait };
    this.#complain(address, verdict.inPlain);
    return undefined;
  }

  permits(device: string, destination: Destination): boolean {
    return isListed(this.#settings.allow, destination) || isListed(this.#servers(device), destination);
  }

  permitsAddress(device: string, destination: Destination, address: string): boolean {
    return leadsOut(this.#settings.allow, destination, address) || leadsOut(this.#servers(device), destination, address);
  }

  async contact(id: string, address: string): Promise<void> {
    try {
      this.#inventory.heard(id, { address });
      await this.#env.store.committed();
    } catch (error) {
      // Nothing of the device's own is lost by that: its session is between it and its server.
      this.#env.log.error({ device: id, err: error }, 'the contact with a transparent device could not be kept');
    }
  }

  #servers(device: string): AllowedPlace[] {
    return this.#env.store.accounts.addresses(device).flatMap(placeOf);
  }

  #complain(address: string, inPlain: ProvedDevice | undefined): void {
    if (inPlain === undefined) {
      const complaint = { reason: 'unproved', source: address };
      return this.#complaints.warn(complaint, { address }, 'the forward proxy was shown credentials that prove nobody');
    }
    const { id: device } = inPlain;
    this.#complaints.warn(
      { reason: 'plain-http', source: device },
      { device, address },
      'a device came over plain http without leave (allowPlainHttp); it was refused',
    );
  }

  #transparent(id: string | undefined): DeviceRecord | undefined {
    const device = id === undefined ? undefined : this.#env.store.inventory.get(id);
    return device !== undefined && isTransparent(device) ? device : undefined;
  }
}

function isTransparent({ mode, presence }: DeviceRecord): boolean {
  return mode === 'transparent' && presence !== 'quarantined';
}
