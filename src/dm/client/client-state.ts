import {
  type Assembly,
  type Composition,
  type Leg,
  nothingOutgoing,
  type Outgoing,
  type OwnAuth,
  type Party,
  type PeerAuth,
  type SessionEffect,
  type Sizes,
} from '../session/index.js';
import type { Alert, BodyCommand, Item, Reply, ServerCommand, SyncMLMessage } from '../syncml/index.js';

export interface ClientSetup {
  readonly sessionId: string;
  /** The DevId, and the name that the credentials prove. */
  readonly own: Party;
  /** The server's address. */
  readonly server: Party;
  readonly verDTD?: string;
  readonly verProto?: string;
  readonly offer: Sizes;
  readonly ownAuth?: OwnAuth;
  readonly serverAuth: PeerAuth;
  readonly encode: (message: SyncMLMessage) => Uint8Array;
}

export interface ClientState {
  readonly setup: ClientSetup;
  readonly phase: 'new' | 'waiting' | 'executing' | 'ended';
  readonly leg: Leg;
  readonly ownAuth: OwnAuth | undefined;
  readonly serverAuth: PeerAuth;
  /** Where the next message goes. */
  readonly to: string;
  /** A nonce for our next credentials from a server that has not proved itself yet: used, but not kept. */
  readonly unprovenNonce?: string;
  /** A nonce for the server's next credentials: kept when the message that hands it over is sent. */
  readonly handover?: string;
  /** Alerts that wait for their Status, under `MsgID/CmdID`. */
  readonly awaited: ReadonlyMap<string, string>;
  /** Their Statuses from a server that has not proved itself yet, under the same keys. */
  readonly unprovenStatuses: ReadonlyMap<string, string>;
  readonly outgoing: Outgoing;
  /** An object of the server that has begun to arrive. */
  readonly assembly?: Assembly;
  /** Statuses owed for the message in work. */
  readonly lead: readonly BodyCommand[];
  /** Whether the server's package is closed: what we say next may close ours. */
  readonly serverFinal: boolean;
  /** Our last message asked for the rest of the server's package. */
  readonly askedForNext: boolean;
  /** Our package is unfinished: the server answers without Final, its own has been closed before. */
  readonly open: boolean;
  /** What is left to say ends with 1223. */
  readonly aborting: boolean;
  /** What the last message was made of, to say it again with credentials. */
  readonly last?: Said;
}

export interface Said extends Pick<Composition, 'lead' | 'outgoing' | 'final'> {
  readonly awaited: ReadonlyMap<string, string>;
}

/** A report of the client with the name by which its Status comes back. */
export interface ClientAlert {
  readonly ref: string;
  readonly alert: Omit<Alert, 'CmdID' | 'name'>;
}

export type ClientInput =
  /** Package 1. `code` 1200 answers a trigger, 1201 is our own wish. */
  | { readonly kind: 'open'; readonly code: '1200' | '1201'; readonly devInfo: readonly Item[]; readonly alerts: readonly ClientAlert[] }
  /** `fresh`: a new nonce, Base64, for the server's next credentials. */
  | { readonly kind: 'message'; readonly message: SyncMLMessage; readonly fresh: string }
  /**
   * What became of the commands of an `execute`. With `abort`, these are the last words: when they are said, in as many
   * messages as they need, the session ends with 1223.
   */
  | { readonly kind: 'executed'; readonly replies: readonly Reply[]; readonly alerts?: readonly ClientAlert[]; readonly abort?: boolean }
  | { readonly kind: 'silence'; readonly detail?: string };

export type ClientEffect =
  | SessionEffect
  | { readonly kind: 'execute'; readonly commands: readonly ServerCommand[] }
  /** The server's Status for an alert. */
  | { readonly kind: 'alert-status'; readonly ref: string; readonly status: string };

export interface ClientStep {
  readonly state: ClientState;
  readonly effects: readonly ClientEffect[];
}

export function newClient(setup: ClientSetup): ClientState {
  return {
    setup,
    phase: 'new',
    leg: {
      sessionId: setup.sessionId,
      verDTD: setup.verDTD ?? '1.2',
      verProto: setup.verProto ?? 'DM/1.2',
      own: setup.own,
      peer: setup.server,
      offer: setup.offer,
      sent: 0,
      received: 0,
    },
    ownAuth: setup.ownAuth,
    serverAuth: setup.serverAuth,
    to: setup.server.uri,
    awaited: new Map(),
    unprovenStatuses: new Map(),
    outgoing: nothingOutgoing,
    lead: [],
    serverFinal: true,
    askedForNext: false,
    open: false,
    aborting: false,
  };
}
