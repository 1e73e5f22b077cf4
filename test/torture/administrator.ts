import { setTimeout as pause } from 'node:timers/promises';
import { isPosternError } from '#src/base/index.js';
import type { ControlClient } from '#src/control/index.js';
import type { Site } from '../e2e/site.js';
import type { KilledGateway } from './killed-gateway.js';

const id = 'urn:imei:490154203237599';
const elsewhere = { serverId: 'elsewhere', address: 'https://127.0.0.1:9/dm', clientPassword: 'p', serverPassword: 'q' };
/** Milliseconds between two changes: devices want their turn too. */
const longestPause = 40;

interface Change {
  readonly to: string;
  readonly make: (door: ControlClient) => Promise<unknown>;
}

/** From each state of the device, its name and its accounts, to the next, and round again. */
const changes: Readonly<Record<string, Change>> = {
  absent: { to: 'one', make: (door) => door.addDevice({ id, name: 'one' }) },
  one: { to: 'two', make: (door) => door.renameDevice({ id, name: 'two' }) },
  two: { to: 'two elsewhere', make: (door) => door.addAccount({ device: id, polling: 'never', ...elsewhere }) },
  'two elsewhere': { to: 'three elsewhere', make: (door) => door.renameDevice({ id, name: 'three' }) },
  'three elsewhere': { to: 'three', make: (door) => door.removeAccount({ device: id, serverId: elsewhere.serverId }) },
  three: { to: 'absent', make: (door) => door.removeDevice({ id }) },
};

/** Changes a device and its account over the control interface, and looks each time whether what was answered is so. */
export class Administrator {
  /** Changes that were answered. */
  changes = 0;
  readonly lost: string[] = [];
  readonly #site: Site;
  readonly #gateway: KilledGateway;
  #working = true;

  constructor(site: Site, gateway: KilledGateway) {
    this.#site = site;
    this.#gateway = gateway;
  }

  async work(below: (end: number) => number): Promise<void> {
    let possible = ['absent'];
    for (let last = false; !last; ) {
      last = !this.#working;
      const state = await this.#state();
      if (!possible.includes(state)) this.lost.push(`a change to ${possible.join(' or ')}: it is ${state}`);
      const change = changes[state];
      // A state that no change has made was told above.
      if (change === undefined) return;
      possible = await this.#make(change, state);
      await pause(below(longestPause));
    }
  }

  /** It looks once more. */
  stop(): void {
    this.#working = false;
  }

  /** What it may be afterwards: a change without an answer was made or not. */
  async #make(change: Change, state: string): Promise<string[]> {
    try {
      await change.make(this.#site.gatewayDoor);
      this.changes += 1;
      return [change.to];
    } catch (error) {
      if (!isAway(error)) throw error;
      return [state, change.to];
    }
  }

  async #state(): Promise<string> {
    for (;;) {
      try {
        const { name = '', accounts } = await this.#site.gatewayDoor.showDevice({ id });
        return [name, ...accounts].join(' ');
      } catch (error) {
        if (isPosternError(error, 'control.not-found')) return 'absent';
        if (!isAway(error)) throw error;
        await this.#gateway.back;
      }
    }
  }
}

/** Its end may be seen as one of several things, while it says it or before. */
function isAway(error: unknown): boolean {
  return isPosternError(error) && !error.code.endsWith('not-found') && !error.code.endsWith('exists');
}
