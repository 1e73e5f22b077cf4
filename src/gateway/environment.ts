import type { Backoff, Clock, Counters, Entropy, Log, LoginSettings, Milliseconds, Overload } from '#src/base/index.js';
import type { Sizes } from '#src/dm/session/index.js';
import type { DecodeLimits } from '#src/dm/syncml/index.js';
import type { GatewayStore, PendingTriggers } from './ports.js';
import type { PresenceSettings } from './presence/presence-settings.js';
import type { RecentEndings } from './sessions/recent-endings.js';
import type { TransparentSettings } from './transparent/gatekeeper.js';
import type { DeviceWires } from './triggers/device-ways.js';
import type { TriggerSettings } from './triggers/triggers.js';
import type { DmClientFactory } from './wire.js';

/** What the operator can set; the program fills it from the configuration. */
export interface GatewaySettings {
  /** The server id that devices know us by. */
  readonly serverId: string;
  readonly name: string;
  /** Paths that devices post package 1 to. */
  readonly paths: readonly string[];
  /** What a device is told to be our address, e.g. `https://192.0.2.1:8443`; no path. Known once the endpoint listens. */
  readonly southUrl: () => string;
  /** The same for devices that come over plain http; absent: they are told {@link southUrl} too. */
  readonly southPlainUrl?: () => string | undefined;
  readonly decode: DecodeLimits;
  /** What we can take on both legs, in bytes. */
  readonly offer: Sizes;
  /** How long a DM server may take to answer. */
  readonly answerTimeout: Milliseconds;
  /** How long a device waits for an answer before we give it something to do. */
  readonly deviceWait: Milliseconds;
  readonly sessionIdle: Milliseconds;
  /** How long a repeat of a device's last message is answered from store. */
  readonly repeatWindow: Milliseconds;
  /** Southern sessions open at once. */
  readonly maxSessions: number;
  /** `sessionsPerSecond`: new sessions for reports in any second; absent: 20. */
  readonly retry: Backoff & { readonly maxAge: Milliseconds; readonly sessionsPerSecond?: number };
  /** Hosts besides the account's own to which a server's RespURI may lead. */
  readonly respUriHosts: readonly string[];
  /** Absent: as it is by default. */
  readonly triggers?: TriggerSettings;
  /** Absent: as it is by default. */
  readonly presence?: PresenceSettings;
  /** Absent: as it is by default. */
  readonly logins?: LoginSettings;
  /** Absent: no device is served in transparent mode. */
  readonly transparent?: TransparentSettings;
}

/** Everything that the rooms of the gateway work with; introduced once by the program. */
export interface Environment {
  readonly settings: GatewaySettings;
  readonly store: GatewayStore;
  readonly clients: DmClientFactory;
  /** Absent: nobody can send us one. */
  readonly triggers?: PendingTriggers;
  /** Absent: devices hear triggers by long-poll alone. */
  readonly deviceWires?: DeviceWires;
  /** Absent: nothing is counted. */
  readonly counters?: Counters;
  /** Absent: how sessions ended is not remembered. */
  readonly endings?: RecentEndings;
  /** Absent: new work is always taken. */
  readonly overload?: Overload;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
}
