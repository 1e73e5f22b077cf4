import { createHash } from 'node:crypto';
import { RightsTable } from '#src/authority/index.js';
import { countMet, isPosternError } from '#src/base/index.js';
import { alertCode } from '#src/dm/session/index.js';
import type { Alert } from '#src/dm/syncml/index.js';
import type { Environment } from '../environment.js';
import type { Account, DeviceSummary } from '../ports.js';
import { readCorrelator } from '../proxy/correlator.js';
import type { DmResponse } from '../wire.js';
import type { Report } from './outbox.js';

/** The message that alerts came in. */
export interface AlertContext {
  readonly device: DeviceSummary;
  readonly sessionId: string;
  /** SHA-256 of the message, hex. */
  readonly digest: string;
}

/**
 * Takes a device's alerts: they are queued for the server that is to hear of them, durably before the device gets its
 * 200, and once even if the device repeats the message because our answer was lost.
 */
export class DeviceAlerts {
  readonly #env: Environment;
  readonly #wake: () => void;

  constructor(env: Environment, wake: () => void) {
    this.#env = env;
    this.#wake = wake;
  }

  /** @returns a Status for each */
  judge(alerts: readonly Alert[], context: AlertContext): readonly string[] {
    if (alerts.length === 0) return [];
    const { device, digest } = context;
    const content = contentOf(alerts, context.sessionId);
    const known = this.#isUnansweredRepeat(device.id, content);
    const statuses = alerts.map((alert) => (known ? statusOf(alert) : this.#take(alert, context)));
    // What was not taken must not look taken when it comes again.
    if (!statuses.includes('417')) this.#env.store.lastMessages.put(device.id, { digest, content, at: this.#env.clock.now() });
    this.#wake();
    return statuses;
  }

  /** Keeps the answer to a message with alerts, so that its repeat has no second effect even after a restart. */
  answered(device: string, digest: string, { contentType, body }: DmResponse): void {
    const last = this.#env.store.lastMessages.get(device);
    if (last?.digest !== digest || last.answer !== undefined || contentType === undefined || body === undefined) return;
    try {
      this.#env.store.lastMessages.put(device, { ...last, answer: { contentType, body } });
    } catch (error) {
      // A repeat finds no answer then, and its alerts are known all the same.
      if (!isPosternError(error, 'store.answer-too-large')) throw error;
      this.#env.log.warn({ device, bytes: body.length }, 'an answer is too large to be kept for a repeat');
    }
  }

  /** The stored answer to exactly this message, while the device may still be repeating it. */
  storedAnswer(device: string, digest: string): DmResponse | undefined {
    const last = this.#env.store.lastMessages.get(device);
    if (last?.answer === undefined || last.digest !== digest || !this.#isRecent(last.at)) return undefined;
    return { status: 200, ...last.answer };
  }

  /** We were stopped between taking the alerts and answering: the device says them again, perhaps under new credentials. */
  #isUnansweredRepeat(device: string, content: string): boolean {
    const last = this.#env.store.lastMessages.get(device);
    return last !== undefined && last.answer === undefined && last.content === content && this.#isRecent(last.at);
  }

  #isRecent(at: number): boolean {
    const age = this.#env.clock.now() - at;
    return age >= 0 && age <= this.#env.settings.repeatWindow;
  }

  #take(alert: Alert, { device }: AlertContext): string {
    const status = statusOf(alert);
    if (status !== '200') return status;
    const accounts = this.#env.store.accounts.list(device.id);
    const targets = this.#targets(alert, accounts);
    if (targets.length === 0) {
      this.#env.log.warn({ device: device.id, accounts: accounts.length }, 'an alert of a device has no DM server to go to; it is refused');
      return accounts.length === 0 ? '500' : '403';
    }
    const queued = targets.map(({ account, report }) => this.#queue(device.id, account, report));
    if (queued.every(Boolean)) return '200';
    countMet(this.#env.counters, 'retry.alertsPerDevice');
    return '417';
  }

  /** The server whose Correlator it carries, else all that may read what it is about. */
  #targets(alert: Alert, accounts: readonly Account[]): { account: Account; report: Report }[] {
    const { CmdID: _, name: __, Correlator, ...report } = alert;
    const origin =
      Correlator === undefined
        ? undefined
        : readCorrelator(
            Correlator,
            accounts.map(({ serverId }) => serverId),
          );
    const asked = accounts.find(({ serverId }) => serverId === origin?.serverId);
    if (asked !== undefined && origin !== undefined) return [{ account: asked, report: { ...report, Correlator: origin.correlator } }];
    const hearers = accounts.filter(({ rights }) => mayHear(new RightsTable(rights), alert));
    return hearers.map((account) => ({ account, report: Correlator === undefined ? report : { ...report, Correlator } }));
  }

  #queue(owner: string, { serverId }: Account, report: Report): boolean {
    const now = this.#env.clock.now();
    // The session that is open now carries it; only if that fails does the reporter.
    const nextAt = now + this.#env.settings.deviceWait;
    const origin = `alert:${this.#env.entropy.token()}`;
    return this.#env.store.outbox.enqueue({ owner, serverId, alert: JSON.stringify(report), origin, createdAt: now, nextAt });
  }
}

/** An alert without a source goes to whoever may read anything at all. */
function mayHear(rights: RightsTable, { Item = [] }: Alert): boolean {
  const sources = Item.flatMap(({ Source }) => (Source === undefined ? [] : [Source.LocURI]));
  if (sources.length === 0) return rights.permitsSomewhere('Get');
  return sources.every((uri) => rights.permits({ command: 'Get', uri }));
}

/** What a device asked for, its credentials and CmdIDs left out, so that it is the same when it comes again. */
function contentOf(alerts: readonly Alert[], sessionId: string): string {
  const said = alerts.map(({ CmdID: _, ...alert }) => alert);
  return createHash('sha256')
    .update(JSON.stringify([sessionId, said]))
    .digest('hex');
}

/** @see OMA DM Protocol 1.2 § 8.7: a Generic Alert has an Item with Meta/Type, Meta/Format and Data */
function statusOf(alert: Alert): string {
  if (alert.Data !== alertCode.generic && alert.Data !== alertCode.clientEvent) return '406';
  if (alert.Data === alertCode.clientEvent) return '200';
  const items = alert.Item ?? [];
  const complete = items.length > 0 && items.every((item) => item.Meta?.Type !== undefined && item.Data !== undefined);
  return complete ? '200' : '412';
}
