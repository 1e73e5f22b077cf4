import { seededRandom } from '../e2e/seeded-random.js';
import { Site } from '../e2e/site.js';
import { Administrator } from './administrator.js';
import { KilledGateway } from './killed-gateway.js';
import { Listener } from './listener.js';
import { type DeviceAccount, Talker } from './talker.js';

export interface TortureOptions {
  readonly kills: number;
  /** The moments of the kills and the load follow from it, as far as the machine's own timing allows. */
  readonly seed: number;
  /** How many devices talk at once; 4 unless set. */
  readonly devices?: number;
}

/** What the kills came to; `lost`, `repeated` and `unsound` ought to be empty. */
export interface TortureOutcome {
  readonly kills: number;
  /** Of them, those while it started. */
  readonly whileStarting: number;
  readonly acknowledged: Acknowledged;
  /** Acknowledged, and never heard by whom it was for, or not there any more. */
  readonly lost: readonly string[];
  /** Commands that took effect at a device. */
  readonly effects: number;
  /** Those that took effect there more than once. */
  readonly repeated: readonly string[];
  /** What `quick_check` said of the database after a kill, if not `ok`. */
  readonly unsound: readonly string[];
}

/** What the gateway acknowledged. */
export interface Acknowledged {
  /** Of devices, by a Status 200. */
  readonly reports: number;
  /** For them, by HTTP 202. */
  readonly triggers: number;
  /** To a device and its account, by an answer of the control interface. */
  readonly changes: number;
  /** For a device at the broker, by HTTP 202. */
  readonly messages: number;
}

/** A device at the broker gets as many triggers as it takes. */
const configuration = {
  broker: { port: 0 },
  triggers: { https: { port: 0 }, limits: { relayedPerDevice: 6_000, relayedPerSource: 6_000 } },
};

/**
 * Kills the real gateway (SIGKILL) at random moments, while it works and while it starts: devices report, a DM server has each of them execute
 * what it counts and asks for sessions by triggers, one more device hears its triggers by MQTT, and somebody changes a device. The gateway and the
 * server are processes of their own; the devices repeat a message whose answer was lost, byte for byte. Counts only what those outside saw.
 */
export async function torture({ kills, seed, devices = 4 }: TortureOptions): Promise<TortureOutcome> {
  const below = seededRandom(seed);
  const site = await Site.open({ gateway: configuration });
  const gateway = new KilledGateway(site, below);
  const talkers: Talker[] = [];
  const listener = await Listener.meet(site, gateway);
  const administrator = new Administrator(site, gateway);
  try {
    for (let at = 1; at <= devices; at += 1) talkers.push(await Talker.meet(site, gateway, `urn:imei:4901542032375${10 + at}`));
    const listening = listener.listen(below);
    const workers = [...talkers, administrator, listener];
    const working = [...talkers.map((talker) => talker.talk(below)), administrator.work(below), listener.ask(below)];
    let done = 0;
    try {
      while (done < kills) done += await gateway.killAndStart(kills - done);
    } finally {
      for (const worker of workers) worker.stop();
    }
    await Promise.all(working);
    listener.close();
    await listening;
    for (const talker of talkers) await talker.settle();
    const accounts = await Promise.all(talkers.map((talker) => talker.account()));
    const { reports, triggers, lost, ...effects } = sumOf(accounts);
    return {
      kills: done,
      whileStarting: gateway.whileStarting,
      acknowledged: { reports, triggers, changes: administrator.changes, messages: listener.messages },
      lost: [...lost, ...gateway.lost, ...administrator.lost, ...listener.lost],
      ...effects,
      unsound: gateway.unsound,
    };
  } finally {
    listener.close();
    for (const talker of talkers) talker.close();
    await site.close();
  }
}

function sumOf(accounts: readonly DeviceAccount[]): DeviceAccount {
  const sum = (count: (account: DeviceAccount) => number) => accounts.reduce((before, account) => before + count(account), 0);
  return {
    reports: sum(({ reports }) => reports),
    triggers: sum(({ triggers }) => triggers),
    lost: accounts.flatMap(({ lost }) => lost),
    effects: sum(({ effects }) => effects),
    repeated: accounts.flatMap(({ repeated }) => repeated),
  };
}
