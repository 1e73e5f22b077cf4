import type { EndReason } from '#src/dm/session/index.js';

/** The way by which a trigger comes. */
export type TriggerCarrier = 'udp' | 'mqtt' | 'poll';

/** What happens to the device, as it tells whoever runs it. Secrets are never in it. */
export type DeviceEvent =
  | { readonly event: 'ready'; readonly id: string; readonly serverId: string; readonly address: string }
  | { readonly event: 'warning'; readonly message: string }
  /** A way by which triggers come is open. */
  | { readonly event: 'listening'; readonly by: TriggerCarrier; readonly at: string }
  /** A trigger (Package#0) came: its session follows, or `why` it was ignored. */
  | { readonly event: 'trigger'; readonly by: TriggerCarrier; readonly ok: boolean; readonly sessionId?: string; readonly why?: string }
  /** A message is on its way. */
  | { readonly event: 'said'; readonly sessionId: string; readonly msgId: string; readonly bytes: number }
  /** No answer came; the same bytes go again after this many milliseconds. */
  | { readonly event: 'unanswered'; readonly why: string; readonly again: number }
  | ExecutedEvent
  /** The device did something by itself for an Exec. */
  | { readonly event: 'effect'; readonly uri: string; readonly value: string }
  /** The server's Status for a report. */
  | { readonly event: 'alert'; readonly ref: string; readonly type: string; readonly status: string }
  | { readonly event: 'value'; readonly uri: string; readonly value: string }
  /** `identical`: the answer had the same bytes as the first time. */
  | { readonly event: 'repeated'; readonly status: number; readonly identical: boolean }
  | SessionEvent;

/** What became of one Item of a server's command. */
export interface ExecutedEvent {
  readonly event: 'executed';
  readonly command: string;
  /** As the server wrote it; absent for Atomic and Sequence. */
  readonly uri?: string;
  readonly status: string;
  /** What it brought or read, at most 1024 characters of it; never that of a credential. */
  readonly value?: string;
  readonly correlator?: string;
}

/** How a session ended. */
export interface SessionEvent {
  readonly event: 'session';
  readonly sessionId: string;
  readonly result: EndReason;
  /** Whether the server proved who it is, or nothing asked it to. */
  readonly authenticated: boolean;
  /** The server's status for us, where that ended it. */
  readonly status?: string;
  readonly detail?: string;
}
