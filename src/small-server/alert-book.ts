import { alertType, gwmoAlertTypes } from '#src/dm/objects/index.js';
import { alertCode } from '#src/dm/session/index.js';
import type { Alert, Item } from '#src/dm/syncml/index.js';
import type { Environment } from './environment.js';
import type { ClientAlert } from './ports.js';

/** Characters of the data of one report; a larger one gets 413. */
const maxDataLength = 16_384;
const maxFieldLength = 1_024;

/**
 * A gateway reports these again until we have taken them; their data, `<device>/<association number>`, is the same each time and
 * names one event.
 */
const countedOnce: ReadonlySet<string> = new Set([
  gwmoAlertTypes.deviceAttached,
  gwmoAlertTypes.deviceAttached10,
  gwmoAlertTypes.deviceDetached,
]);

/** Keeps what clients report; it is durable before they get their 200. */
export class AlertBook {
  readonly #env: Environment;

  constructor(env: Environment) {
    this.#env = env;
  }

  /** @returns a Status for each */
  judge(client: string, alerts: readonly Alert[]): readonly string[] {
    return alerts.map((alert) => this.#judge(client, alert));
  }

  #judge(client: string, alert: Alert): string {
    const status = statusOf(alert);
    if (status === '200') for (const report of reportsOf(client, alert)) this.#keep(report);
    return status;
  }

  #keep(report: ClientAlert): void {
    const origin = countedOnce.has(report.type) ? JSON.stringify([report.type, report.data ?? '']) : undefined;
    this.#env.store.alerts.add(report, origin, this.#env.clock.now());
  }
}

/** @see OMA DM Protocol 1.2 § 8.7: a Generic Alert has Items with Meta/Type and Data */
function statusOf({ Data, Item: items = [] }: Alert): string {
  if (Data !== alertCode.generic && Data !== alertCode.clientEvent) return '406';
  if (items.some((item) => textOf(item).length > maxDataLength)) return '413';
  if (Data === alertCode.clientEvent) return '200';
  const complete = items.length > 0 && items.every((item) => item.Meta?.Type !== undefined && item.Data !== undefined);
  return complete ? '200' : '412';
}

/** One for each Item; a Client Event may have none. */
function reportsOf(client: string, { Data, Correlator, Item: items = [{}] }: Alert): ClientAlert[] {
  return items.map((item) => {
    const { Meta, Source } = item;
    return {
      client,
      type: brief(alertType(Meta?.Type ?? Data ?? '')),
      ...given('source', Source?.LocURI),
      ...(item.Data === undefined ? {} : { data: textOf(item) }),
      ...given('format', Meta?.Format),
      ...given('mark', Meta?.Mark),
      ...given('correlator', Correlator),
    };
  });
}

function textOf({ Data }: Item): string {
  if (Data === undefined) return '';
  return typeof Data === 'string' ? Data : Data.markup;
}

function given<K extends string>(name: K, value: string | undefined): { readonly [name in K]?: string } {
  return value === undefined ? {} : ({ [name]: brief(value) } as { readonly [name in K]: string });
}

function brief(text: string): string {
  return text.slice(0, maxFieldLength);
}
