import { createHash } from 'node:crypto';
import type { ClientAlert } from '#src/dm/client/index.js';
import { devDetail, devInfo, readDmAcc, standardObjects } from '#src/dm/objects/index.js';
import { ManagementTree } from '#src/dm/tree/index.js';
import { setAccount } from './account.js';
import type { DeviceEnvironment } from './environment.js';
import type { KeptState, SentMessage } from './state-file.js';
import { mountVendorNodes, vendorNodes } from './vendor-nodes.js';

/** How the device begins, where it has not begun before. */
export interface Beginning {
  /** Its DevId; absent: the one it had, or a new one. */
  readonly id?: string;
  /** A DMAcc (TNDS); taken once, so that nonces and what servers changed stay when it is given again. */
  readonly bootstrap?: string;
}

/** What the device remembers. `commit` makes all of it durable. */
export class DeviceMemory {
  readonly id: string;
  readonly tree: ManagementTree;
  #env: DeviceEnvironment;
  #bootstrap: string | undefined;
  #sessions: number;
  #reports: number;
  #alerts: readonly ClientAlert[];
  last: SentMessage | undefined;

  /** @throws PosternError `device.state`, `tree.invalid-state`, `objects.invalid-account`, `tree.invalid-tnds`, `syncml.*` */
  constructor(env: DeviceEnvironment, { id, bootstrap }: Beginning) {
    const kept = env.state.read();
    this.#env = env;
    this.id = id ?? kept?.id ?? `urn:uuid:${env.entropy.uuid()}`;
    this.#bootstrap = kept?.bootstrap;
    this.#sessions = kept?.sessions ?? 0;
    this.#reports = kept?.reports ?? 0;
    this.#alerts = kept?.alerts ?? [];
    this.last = kept?.last;
    this.tree = openTree(env, this.id, kept);
    if (bootstrap !== undefined) this.#take(bootstrap);
    this.commit();
  }

  /** Writes everything down. */
  commit(): void {
    this.#env.state.write({
      version: 1,
      id: this.id,
      tree: this.tree.toJSON(),
      sessions: this.#sessions,
      reports: this.#reports,
      alerts: this.#alerts,
      ...(this.#bootstrap === undefined ? {} : { bootstrap: this.#bootstrap }),
      ...(this.last === undefined ? {} : { last: this.last }),
    });
  }

  /** 1 to 4 upper-case hex digits without leading zeros, each the one after the last. @see OMA DM Protocol 1.2 § 8.1 */
  nextSessionId(): string {
    this.#sessions += 1;
    return (1 + ((this.#sessions - 1) % 0xffff)).toString(16).toUpperCase();
  }

  /** Reports that no server has taken yet, the oldest first. */
  get alerts(): readonly ClientAlert[] {
    return this.#alerts;
  }

  queueAlert(alert: ClientAlert['alert']): string {
    this.#reports += 1;
    const ref = `a${this.#reports}`;
    this.#alerts = [...this.#alerts, { ref, alert }];
    return ref;
  }

  settleAlert(ref: string): void {
    this.#alerts = this.#alerts.filter((alert) => alert.ref !== ref);
  }

  #take(bootstrap: string): void {
    const digest = createHash('sha256').update(bootstrap).digest('hex');
    if (digest === this.#bootstrap) return;
    setAccount(this.tree, readDmAcc(bootstrap));
    this.#bootstrap = digest;
  }
}

function openTree(env: DeviceEnvironment, id: string, kept: KeptState | undefined): ManagementTree {
  const options = { now: () => env.clock.now(), objects: standardObjects };
  const tree = kept === undefined ? new ManagementTree(options) : ManagementTree.restore(kept.tree, options);
  const { softwareVersion: SwV } = env.settings;
  tree.mount('./DevInfo', devInfo({ DevId: id, Man: 'Postern', Mod: 'Virtual lamp', DmV: '1.2', Lang: 'en' }));
  tree.mount('./DevDetail', devDetail({ DevTyp: 'lamp', OEM: 'Postern', FwV: '1.0.0', SwV, HwV: '1', LrgObj: true }));
  if (kept === undefined) tree.mount('./Vendor', vendorNodes());
  mountVendorNodes(tree, (uri, value) => env.tell({ event: 'effect', uri, value }));
  return tree;
}
