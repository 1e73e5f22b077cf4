/** `none`: everything is taken. `shed`: no new work. `refuse`: also nothing of it is read; what is under way goes on. */
export type OverloadLevel = 'none' | 'shed' | 'refuse';

/**
 * Kinds of new work: a session of a device, a poll for triggers, a way out through the forward proxy, a connection to the broker; and, turned away
 * only at `refuse`, the body of a message that belongs to no open session, and a trigger.
 */
export type NewWork = 'session' | 'poll' | 'proxy' | 'mqtt' | 'message' | 'trigger';

/** Asked at every door before new work is taken. */
export interface Overload {
  readonly level: OverloadLevel;
  /** Whether this may come in now; counts it where it may not. */
  admits(work: NewWork): boolean;
}

/** What a door answers with 503 to new work: seconds after which to come again. */
export const overloadedRetryAfter = '30';
