import {
  type Assembly,
  type Leg,
  nothingOutgoing,
  type Outgoing,
  type OwnAuth,
  type Party,
  type PeerAuth,
  type Sent,
  type SessionEffect,
  type Sizes,
} from '../session/index.js';
import type { Alert, BodyCommand, Item, Reply, ServerCommand, SyncMLMessage } from '../syncml/index.js';

export interface ServerSetup {
  /** Our address and server id. */
  readonly own: Party;
  /** Where the client's further messages shall go. */
  readonly respUri?: string;
  readonly offer: Sizes;
  /** How we prove ourselves; absent: by the transport alone. */
  readonly ownAuth?: OwnAuth;
  readonly clientAuth: PeerAuth;
  readonly encode: (message: SyncMLMessage) => Uint8Array;
}

export interface ServerState {
  readonly setup: ServerSetup;
  readonly phase: 'new' | 'waiting' | 'working' | 'ended';
  readonly leg: Leg;
  readonly ownAuth: OwnAuth | undefined;
  readonly clientAuth: PeerAuth;
  readonly outgoing: Outgoing;
  /** Commands that wait for their Status, under `MsgID/CmdID`. */
  readonly awaited: ReadonlyMap<string, Sent>;
  /**
   * Answers of the client to the commands of one `answer`, gathered until all are there. After the end of the session:
   * those that were never delivered.
   */
  readonly replies: readonly Reply[];
  /** An object of the client that has begun to arrive. */
  readonly assembly?: Assembly;
  /** Statuses owed for the message in work, without those of the alerts that the application judges. */
  readonly lead: readonly BodyCommand[];
  /** Alerts that the application judges. */
  readonly judged: readonly Alert[];
  /** Whether the client's package is closed. */
  readonly clientFinal: boolean;
  /** We asked for the next message of an unfinished package. */
  readonly askedForNext: boolean;
  /** Our package is unfinished: an object is in the middle. The client cannot close its own, and it is us to speak. */
  readonly open: boolean;
  /** What was to be sent before the last message, to send it again with credentials. */
  readonly last: Pick<ServerState, 'outgoing' | 'awaited' | 'replies'>;
}

export type ServerInput =
  /** `fresh`: a new nonce, Base64, for the client's next credentials. */
  | { readonly kind: 'message'; readonly message: SyncMLMessage; readonly fresh: string }
  /**
   * The application's answer to `deliver`: a Status for each alert, and the next commands (none: the session ends).
   * Their CmdIDs are the application's own and come back in the replies. With `abort` the session ends with 1223.
   */
  | { readonly kind: 'answer'; readonly statuses: readonly string[]; readonly commands: readonly ServerCommand[]; readonly abort?: boolean }
  | { readonly kind: 'silence'; readonly detail?: string };

/** What a client said, for the application. */
export interface Delivery {
  /** 1200 or 1201, in the first one. */
  readonly opened?: '1200' | '1201';
  /** DevInfo leaves, as the client gave them. */
  readonly devInfo: readonly Item[];
  /** To be judged with a Status each (1226, 1224 and what else a client may say). */
  readonly alerts: readonly Alert[];
  /**
   * What became of the commands of the last answer; complete when `final`. A command that had to be split by its Items
   * has a Status for each, with TargetRef; one that the client cannot take has 413, and the members of a block 215.
   */
  readonly replies: readonly Reply[];
  /** Whether commands may be answered now. */
  readonly final: boolean;
}

export type ServerEffect = SessionEffect | ({ readonly kind: 'deliver' } & Delivery);

export interface ServerStep {
  readonly state: ServerState;
  readonly effects: readonly ServerEffect[];
}

export function newServer(setup: ServerSetup): ServerState {
  return {
    setup,
    phase: 'new',
    leg: {
      sessionId: '',
      verDTD: '1.2',
      verProto: 'DM/1.2',
      own: setup.own,
      peer: { uri: '' },
      offer: setup.offer,
      sent: 0,
      received: 0,
      ...(setup.respUri === undefined ? {} : { respUri: setup.respUri }),
    },
    ownAuth: setup.ownAuth,
    clientAuth: setup.clientAuth,
    outgoing: nothingOutgoing,
    awaited: new Map(),
    replies: [],
    lead: [],
    judged: [],
    clientFinal: true,
    askedForNext: false,
    open: false,
    last: { outgoing: nothingOutgoing, awaited: new Map(), replies: [] },
  };
}
