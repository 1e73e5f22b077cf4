/** What the gateway needs from the edges. `store/` implements the repositories; a program introduces them. */
import type { Polling, Rights } from '#src/authority/index.js';
import type { KnownPlaces } from '#src/base/index.js';
import type { Scheme, Secret } from '#src/dm/auth/index.js';
import type { Codec } from '#src/dm/syncml/index.js';
import type { DeviceQueueRepository } from './device-queue.js';
import type { PresenceState, RefusalRepository, Sighted } from './presence/ports.js';
import type { TriggerPolicy, TriggerRepository } from './triggers/ports.js';

export type { Polling, Rights, Scheme, Secret };

/** Where a device or account was declared: what the configuration declares only the configuration removes. */
export type Origin = 'config' | 'added';
/** A device that nobody has declared was discovered. */
export type DeviceOrigin = Origin | 'discovered';
export type Mode = 'proxy' | 'transparent' | 'adaptation';
/** Which devices the servers of an own account hear of. */
export type CorrelationPolicy = 'own-devices' | 'all' | 'none';

/** How a device and the gateway know each other on the southern leg. */
export interface SouthCredentials {
  readonly scheme: Scheme;
  /** What the device calls itself (AAuthName of its CLCRED). */
  readonly userName: string;
  /** The device's towards us. */
  readonly clientSecret: Secret;
  /** Ours towards the device (SRVCRED); absent: the device trusts our certificate alone. */
  readonly serverSecret?: Secret;
}

/** What the operator says about a device. */
export interface DeviceDeclaration {
  /** DevId URN. */
  readonly id: string;
  readonly name?: string;
  readonly mode: Mode;
  readonly origin: DeviceOrigin;
  /** Absent: it can prove itself by nothing, and has no sessions with us. In proxy mode there always are some. */
  readonly south?: SouthCredentials;
  readonly allowPlainHttp: boolean;
  /** For those of its accounts that have no policy of their own. */
  readonly polling: Polling;
  /** Absent: it is not told that a server wants a session, and asked at its next one. */
  readonly trigger?: TriggerPolicy;
}

/** What the device said about itself; an absent fact is unknown. */
export interface DeviceFacts {
  readonly address?: string;
  readonly manufacturer?: string;
  readonly model?: string;
  readonly firmware?: string;
  readonly dmVersion?: string;
  readonly language?: string;
}

/** A record of the inventory without its secrets. Times are milliseconds since 1970. */
export interface DeviceSummary extends Omit<DeviceDeclaration, 'south'> {
  readonly south?: Pick<SouthCredentials, 'scheme' | 'userName'>;
  readonly facts: DeviceFacts;
  readonly firstSeen?: number;
  readonly lastContact?: number;
  /** Rises by one with each attachment, 0 before the first: (device, epoch) names one association. */
  readonly associationEpoch: number;
  readonly presence: PresenceState;
  /** What the ways of discovery have seen; nothing in it is proved, and nothing is to be sent to its address. */
  readonly sighted?: Sighted;
}

/** A record of the inventory with its secrets, which cost a decryption each. */
export interface DeviceRecord extends DeviceSummary {
  readonly south?: SouthCredentials;
}

/** Which devices are meant; without anything all. */
export interface DeviceSelection {
  /** Only those that have been here and are not in quarantine: DM servers may know of them. */
  readonly attached?: boolean;
  /** Only those that have an account at this server. */
  readonly managedBy?: string;
  readonly origin?: DeviceOrigin;
}

/** What is many is in the order of the ids, and read piece by piece: what comes or goes meanwhile may be among it or not. */
export interface InventoryRepository {
  /**
   * Another one whenever something was written, or its writing undone, besides what devices tell of themselves, when they were here and
   * what they are called: whoever remembers what follows from who a device is, what it may and where it stands looks whether it is still the same.
   */
  readonly revision: number;
  ids(which?: DeviceSelection): Iterable<string>;
  each(): Iterable<DeviceSummary>;
  /** At most `limit` devices, all where it is absent; those behind the id `after`. */
  list(page?: { readonly after?: string | undefined; readonly limit?: number | undefined }): DeviceSummary[];
  find(id: string): DeviceSummary | undefined;
  /** Its association epoch alone. */
  epoch(id: string): number | undefined;
  /** How many devices prove themselves in each scheme. */
  schemes(): ReadonlyMap<Scheme, number>;
  /** How many devices stand where. */
  presences(): ReadonlyMap<PresenceState, number>;
  /** As {@link find}, with its secrets. */
  get(id: string): DeviceRecord | undefined;
  /** Those whose southern credentials have one of these user names; one need not be one device's alone. */
  named(...userNames: readonly string[]): DeviceRecord[];
  /** Adds, or replaces the declaration and keeps the facts. An unchanged declaration writes nothing. */
  declare(declaration: DeviceDeclaration): void;
  /** Forgets it with everything that belongs to it; false if it was not there. */
  remove(id: string): boolean;
  /** Merges facts, sets firstSeen and lastContact. `lastContact` alone is written at most once a minute (flash wears). */
  recordContact(id: string, facts: DeviceFacts, now: number): void;
  /** Raises the association epoch and returns the new one; the device is attached. */
  attach(id: string): number;
  /** Where it stands now, and what is seen of it then. Attaching is {@link attach}'s. */
  settlePresence(id: string, presence: PresenceState, sighted?: Sighted): void;
  /** What the ways of discovery have seen; the first time sets firstSeen. */
  recordSighted(id: string, sighted: Sighted, now: number): void;
  /** What the operator calls it; undefined: as it calls itself. */
  rename(id: string, name: string | undefined): void;
  /** All that ways of discovery have seen. */
  sighted(): { readonly id: string; readonly presence: PresenceState; readonly sighted: Sighted }[];
  /** How many devices were discovered and not declared since. */
  discovered(): { readonly quarantined: number; readonly admitted: number };
  /** Of the discovered ones in quarantine that were never admitted, the first that was seen. */
  oldestUnadmitted(): string | undefined;
}

/** The owner name of the gateway's own accounts. */
export const gatewayOwner = 'gateway';

/** The priority of an account about which nobody has said anything. */
export const usualPriority = 100;

/** Credentials and address at one DM server, owned by the gateway or by a device. */
export interface Account {
  /** `gateway`, or the DevId of the device. */
  readonly owner: string;
  readonly serverId: string;
  /** What people call it. */
  readonly name: string;
  readonly address: string;
  readonly scheme: Scheme;
  readonly userName: string;
  /** Ours towards the server (CLCRED). Basic needs the password, MD5 the digest. */
  readonly clientSecret: Secret;
  /** The server's towards us (SRVCRED); absent: its certificate is enough. */
  readonly serverSecret?: Secret;
  /** What we write; the server may answer in any. */
  readonly encoding: Codec['encoding'];
  readonly allowPlainHttp: boolean;
  /** Only for the gateway's own accounts. */
  readonly correlation: CorrelationPolicy;
  /** Among the accounts of one device, 1 comes first. Only for those. */
  readonly priority: number;
  /** What its server may do; absent: everything. */
  readonly rights?: Rights;
  /** When its server is asked for work; absent: as the device's policy says. */
  readonly polling?: Polling;
  readonly origin: Origin;
}

export interface AccountRepository {
  list(owner?: string): Account[];
  get(owner: string, serverId: string): Account | undefined;
  /** Whether there is one; opens no secret. */
  has(owner: string, serverId: string): boolean;
  /** What decides whose turn it is with an owner; opens no secret. */
  polled(owner: string): (Pick<Account, 'serverId' | 'priority' | 'polling'> & { readonly lastPoll?: number })[];
  /** Which devices each server of the gateway's own accounts is to hear of; opens no secret. */
  policies(): Pick<Account, 'serverId' | 'correlation'>[];
  /** The servers at which an owner has an account; opens no secret. */
  servers(owner: string): string[];
  /** The addresses of these servers; opens no secret. */
  addresses(owner: string): string[];
  /** What one origin has declared, gateway and devices alike; opens no secret. */
  declaredBy(origin: Origin): { readonly owner: string; readonly serverId: string }[];
  /** Owners that have an account at this server. */
  owners(serverId: string): string[];
  declare(account: Account): void;
  remove(owner: string, serverId: string): boolean;
  /** When its server was last asked for work, in milliseconds since 1970. */
  lastPoll(owner: string, serverId: string): number | undefined;
  recordPoll(owner: string, serverId: string, now: number): void;
}

/** What DM servers have asked for by a trigger, and no session has answered yet. */
export interface PendingTriggers {
  /** The servers that want a session with the owner, whoever asked first first. */
  wanting(owner: string): string[];
  /** The SessionID that the server gave. */
  sessionId(owner: string, serverId: string): string | undefined;
  /** A session under this SessionID is over; the server has proved itself in it, or asked for nothing. */
  answered(owner: string, serverId: string, sessionId: string): void;
}

/** Whose credentials a nonce is for. */
export type NonceFor = 'client' | 'server';

/** The next nonce of each direction of each leg, Base64. A leg is `south/<device>` or `north/<owner>/<serverId>`. */
export interface NonceRepository {
  get(leg: string, whose: NonceFor): string | undefined;
  put(leg: string, whose: NonceFor, nonce: string): void;
}

/** A report that a DM server has not taken yet. */
export interface OutboxAlert {
  readonly id: number;
  /** In whose session it goes: `gateway` or a DevId. */
  readonly owner: string;
  readonly serverId: string;
  /** The Generic Alert as JSON of dm/syncml's Alert without its CmdID. */
  readonly alert: string;
  /** The same origin is queued once for a server, ever. */
  readonly origin: string;
  /** The origin of an earlier report to this server that has to be settled first. */
  readonly after?: string;
  readonly createdAt: number;
  readonly attempts: number;
  /** Not before this time. */
  readonly nextAt: number;
}

export interface OutboxRepository {
  /** Queues it unless its (origin, owner, serverId) was queued before; false if it was, or if the owner's share is full. */
  enqueue(alert: Omit<OutboxAlert, 'id' | 'attempts'>): boolean;
  /** Unsettled ones of an owner for a server, the oldest first, without those that wait for an earlier one. */
  pending(owner: string, serverId: string): OutboxAlert[];
  /** Whether there is any: they are not read for that. */
  isPending(owner: string, serverId: string): boolean;
  /** The (owner, serverId) pairs that have something to send, the oldest first, with the earliest time for it and where it goes: nowhere ('') if the account is gone. */
  due(): { owner: string; serverId: string; address: string; nextAt: number }[];
  /** The server has taken it, or refused it for good; its origin stays known. */
  settle(id: number, outcome: 'delivered' | 'refused' | 'expired', now: number): void;
  postpone(id: number, nextAt: number): void;
  count(owner: string): number;
  /** Unsettled ones of all owners. */
  total(): number;
  /** What has become of a report; undefined for one that was never queued, or is forgotten. */
  outcome(owner: string, serverId: string, origin: string): 'pending' | 'delivered' | 'refused' | 'expired' | undefined;
  /** Forgets what became of a settled report. */
  forget(owner: string, origin: string): void;
  /** Forgets what devices reported and was settled before this time; what the gateway itself told stays known. */
  prune(before: number): void;
}

/** The last message of a device, so that a repeat gets the same answer and has no second effect. */
export interface LastMessage {
  /** SHA-256 of the body, hex. */
  readonly digest: string;
  /** SHA-256 of what it asked for, without its credentials, hex. */
  readonly content: string;
  readonly at: number;
  /** Absent while it is being worked on. */
  readonly answer?: { readonly contentType: string; readonly body: Uint8Array };
}
export interface LastMessageRepository {
  get(device: string): LastMessage | undefined;
  put(device: string, message: LastMessage): void;
}

/** ACLs that the authorities of a device have set: the device itself knows only the gateway. */
export interface AclRepository {
  get(device: string, serverId: string, uri: string): string | undefined;
  /** All that this server has set on the device, by canonical URI. */
  list(device: string, serverId: string): ReadonlyMap<string, string>;
  put(device: string, serverId: string, uri: string, acl: string): void;
  /** Forgets everybody's ACLs of a node that is gone, and of all below. */
  removeWithin(device: string, uri: string): void;
}

/** Facts about the gateway itself. */
export interface IdentityRepository {
  get(key: 'devId'): string | undefined;
  put(key: 'devId', value: string): void;
}

/** Everything durable. Writes join the transaction of the running turn of the event loop. */
/** Where accounts have been right, over restarts. Bounded: of one account, and of all, the oldest is forgotten. */
export interface KnownPlaceRepository extends KnownPlaces {
  /** Forgets those that were last used before a time, in milliseconds since 1970. */
  prune(before: number): void;
}

export interface GatewayStore {
  readonly inventory: InventoryRepository;
  readonly accounts: AccountRepository;
  readonly nonces: NonceRepository;
  readonly outbox: OutboxRepository;
  readonly lastMessages: LastMessageRepository;
  readonly acls: AclRepository;
  readonly identity: IdentityRepository;
  readonly triggers: TriggerRepository;
  readonly deviceQueue: DeviceQueueRepository;
  readonly refusals: RefusalRepository;
  readonly knownPlaces: KnownPlaceRepository;
  /**
   * Turns of the event loop whose writes could not be kept, since it was opened. Whoever acknowledges what was written in an earlier turn
   * looks whether it has changed since: another may have heard of the loss.
   */
  readonly losses: number;
  /** Resolves when everything written so far is on disk; nothing is acknowledged before. @throws PosternError `store.*` */
  committed(): Promise<void>;
}
