/** Whether a person is to be asked before the session. @see OMA DM Notification 1.2 § 5.2.1 */
export const uiModes = ['not-specified', 'background', 'informative', 'user-interaction'] as const;
export type UiMode = (typeof uiModes)[number];

/** Who wanted the session: a user of the client, or the server itself. */
export const initiators = ['client', 'server'] as const;
export type Initiator = (typeof initiators)[number];

/**
 * Package#0: a DM server asks for a session. It names the server and no device: its carrier does that.
 * @see OMA DM Notification 1.2 § 5.2
 */
export interface Notification {
  readonly uiMode: UiMode;
  readonly initiator: Initiator;
  /** As SessionID of the session is written: 1 to 4 upper-case hex digits without leading zeros, not 0. */
  readonly sessionId: string;
  /** 1 to 255 bytes of UTF-8. */
  readonly serverId: string;
  /** What the server's maker adds; covered by the digest. */
  readonly vendor?: Uint8Array;
}

/** One that came, with what its proof is about. */
export interface ReceivedNotification extends Notification {
  /** Ten times the version; 11 in DM 1.2. */
  readonly version: number;
  /** 16 bytes. */
  readonly digest: Uint8Array;
  /** Everything that stands after the digest. */
  readonly trigger: Uint8Array;
  /** Whether it came in a WSP push. */
  readonly isFramed: boolean;
}

/** What is read at most. */
export interface NotificationLimits {
  /** Of the whole, with its WSP head. */
  readonly bytes: number;
}

/** Room for the longest server id, a WSP head and what a maker adds; more does not fit one datagram everywhere. */
export const defaultNotificationLimits: NotificationLimits = { bytes: 1_024 };

/** Bytes of a server id that every known client takes. */
const widelyTaken = 23;

/** What other ends may stumble over, in sentences. */
export function notificationWarnings({ serverId }: Pick<Notification, 'serverId'>): string[] {
  const bytes = Buffer.byteLength(serverId);
  return bytes > widelyTaken
    ? [`the server id has ${bytes} bytes; some clients refuse a notification whose server id has more than ${widelyTaken}`]
    : [];
}
