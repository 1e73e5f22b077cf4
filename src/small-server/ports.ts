/** What the small DM server needs from its store. `store/` implements it; a program introduces them. */
import type { Scheme, Secret } from '#src/dm/auth/index.js';

/** Where a client was declared: what the configuration declares only the configuration removes. */
export type ClientOrigin = 'config' | 'added';

/** Who may come, and how both sides prove themselves. */
export interface ClientDeclaration {
  /** DevId URN of a device, or of a gateway. */
  readonly id: string;
  readonly scheme: Scheme;
  /** What the client calls itself (AAuthName of its CLCRED). */
  readonly userName: string;
  /** The client's towards us. */
  readonly clientSecret: Secret;
  /** Ours towards the client (SRVCRED); absent: our certificate is enough. */
  readonly serverSecret?: Secret;
  readonly allowPlainHttp: boolean;
  /** Where a trigger reaches it, as the text of a `TriggerAddress`; absent: nowhere. */
  readonly reach?: string;
  readonly origin: ClientOrigin;
}

/** What a client's DevInfo said, by the name of the leaf. */
export type ClientFacts = Readonly<Record<string, string>>;

/** Times are milliseconds since 1970. */
export interface ClientRecord extends ClientDeclaration {
  readonly facts: ClientFacts;
  readonly firstContact?: number;
  readonly lastContact?: number;
}

export interface ClientRepository {
  list(): ClientRecord[];
  get(id: string): ClientRecord | undefined;
  /** Adds, or replaces the declaration and keeps the facts. An unchanged declaration writes nothing. */
  declare(declaration: ClientDeclaration): void;
  /** Forgets it with its commands, alerts and nonces; false if it was not there. */
  remove(id: string): boolean;
  /** Merges facts and sets the contacts. `lastContact` alone is written at most once a minute (flash wears). */
  recordContact(id: string, facts: ClientFacts, now: number): void;
  nonce(id: string, whose: 'client' | 'server'): string | undefined;
  putNonce(id: string, whose: 'client' | 'server', nonce: string): void;
}

/** One command as it is ordered; the shape is that of the control interface. */
export interface SingleOrder {
  readonly command: 'Get' | 'Replace' | 'Add' | 'Delete' | 'Exec';
  readonly uri: string;
  readonly data?: string | undefined;
  readonly format?: string | undefined;
  readonly type?: string | undefined;
  /** Comes back with what reports an Exec. */
  readonly correlator?: string | undefined;
}

/** A command, or a block of commands. */
export type Order = SingleOrder | { readonly atomic: readonly SingleOrder[] } | { readonly sequence: readonly SingleOrder[] };

export type CommandState = 'queued' | 'sent' | 'done' | 'aborted';

export interface OrderStatus {
  /** The node that it is about; absent for a block as a whole. */
  readonly uri?: string;
  readonly status: number;
}

export interface OrderResult {
  readonly uri: string;
  readonly format?: string;
  readonly type?: string;
  readonly data?: string;
}

/** What the client said about an order. */
export interface OrderOutcome {
  readonly statuses: readonly OrderStatus[];
  readonly results: readonly OrderResult[];
  /** Why it was aborted, or what is missing from the results. */
  readonly reason?: string;
}

export interface CommandRecord extends OrderOutcome {
  readonly id: number;
  readonly client: string;
  readonly order: Order;
  readonly state: CommandState;
}

/** The queues of all clients: queued → sent → done or aborted, and back from sent to queued where nothing was executed. */
export interface CommandRepository {
  get(id: number): CommandRecord | undefined;
  add(client: string, order: Order, now: number): number;
  queued(client: string): number;
  /** The oldest that are queued, in their order; they are `sent` from now on. */
  take(client: string, most: number): CommandRecord[];
  /** Ids of those that are `sent`. */
  sent(client: string): number[];
  /** Ends one that is `sent`, and forgets the oldest that have ended where there are too many. */
  settle(id: number, state: 'done' | 'aborted', outcome: OrderOutcome, now: number): void;
  /** Puts one that is `sent` back to where it was in the queue. */
  putBack(id: number): void;
}

/** One report of a client. */
export interface ClientAlert {
  readonly client: string;
  readonly type: string;
  readonly source?: string;
  readonly data?: string;
  readonly format?: string;
  readonly mark?: string;
  readonly correlator?: string;
}

export interface AlertRecord extends ClientAlert {
  readonly id: number;
  readonly receivedAt: number;
  /** How many times it arrived. */
  readonly count: number;
}

export interface AlertRepository {
  /** Keeps a report. One with an `origin` that this client has reported before only raises its count. */
  add(alert: ClientAlert, origin: string | undefined, now: number): void;
  /** The newest `most`, the newest last. */
  list(client: string | undefined, most: number): AlertRecord[];
}

/** Everything durable. Writes join the transaction of the running turn of the event loop. */
export interface SmallServerStore {
  readonly clients: ClientRepository;
  readonly commands: CommandRepository;
  readonly alerts: AlertRepository;
  /** Resolves when everything written so far is on disk; nothing is acknowledged before. @throws PosternError `store.*` */
  committed(): Promise<void>;
}
