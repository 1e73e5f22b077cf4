import { createHash } from 'node:crypto';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { systemClock } from '#src/base/index.js';
import { loadSealer } from '#src/security/index.js';
import { openGatewayStore } from '#src/store/index.js';

/** What a store holds of that which the gateway acknowledges. */
export interface Kept {
  /** By device, the oldest first: what each of its reports says, empty once its server has it. */
  readonly reports: ReadonlyMap<string, readonly string[]>;
  /** The client's next nonce, by leg; the server's by `<leg> server`. */
  readonly nonces: ReadonlyMap<string, string>;
  /** By device: SHA-256 of its last message with reports, and of the answer to it. */
  readonly lastMessages: ReadonlyMap<string, { readonly digest: string; readonly answer: string | undefined }>;
  /** `<owner> <session id>`. */
  readonly triggers: ReadonlySet<string>;
  readonly devices: ReadonlySet<string>;
  /** What people call a device. */
  readonly names: ReadonlyMap<string, string | undefined>;
}

/** Opens what lies in a state directory as the gateway does, soundness check included, and reads all of it. @throws PosternError */
export function readKept(directory: string): Kept {
  const store = openGatewayStore({ directory, sealer: loadSealer({ directory, env: {} }), clock: systemClock });
  const database = new SqliteDatabase(join(directory, 'gateway.db'), { readonly: true });
  try {
    const rows = <Row>(sql: string) => database.prepare(sql).all() as Row[];
    const outbox = rows<{ owner: string; alert: string }>('SELECT owner, alert FROM outbox ORDER BY id');
    const nonces = rows<{ leg: string; whose: string; value: string }>('SELECT leg, whose, value FROM nonce');
    const devices = [...store.inventory.ids()];
    return {
      reports: new Map(devices.map((device) => [device, outbox.flatMap(({ owner, alert }) => (owner === device ? [dataOf(alert)] : []))])),
      nonces: new Map(nonces.map(({ leg, whose, value }) => [whose === 'client' ? leg : `${leg} ${whose}`, value])),
      lastMessages: new Map(
        devices.flatMap((device) => {
          const last = store.lastMessages.get(device);
          return last === undefined ? [] : [[device, { digest: last.digest, answer: last.answer && sha256(last.answer.body) }]];
        }),
      ),
      triggers: new Set(
        rows<{ owner: string; id: string }>('SELECT owner, session_id AS id FROM session_request').map(({ owner, id }) => `${owner} ${id}`),
      ),
      devices: new Set(devices),
      names: new Map(devices.map((device) => [device, store.inventory.get(device)?.name])),
    };
  } finally {
    database.close();
    store.close();
  }
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function dataOf(alert: string): string {
  if (alert === '') return '';
  return (JSON.parse(alert) as { Item?: { Data?: string }[] }).Item?.[0]?.Data ?? '';
}
