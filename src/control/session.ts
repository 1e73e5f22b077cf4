import { z } from 'zod';
import { count, time } from './fields.js';

const leg = z.enum(['south', 'north']);

/** A session that is open. */
export const session = z
  .object({
    id: z.string(),
    leg,
    device: z.string().meta({ description: 'DevId of the device, or of the gateway in its own sessions' }),
    serverId: z.string(),
    sessionId: z.string().meta({ description: "The protocol's SessionID" }),
    state: z.string(),
    startedAt: time,
    messages: count,
    bytes: count,
  })
  .meta({ id: 'Session' });

/** A session that is over. */
export const ending = z
  .object({
    leg,
    device: z.string().meta({ description: 'Whose session it was: a DevId, or `gateway`' }),
    serverId: z.string(),
    reason: z.string().meta({ description: 'How it ended: `complete`, `silence`, `refused-by-peer`, …' }),
    detail: z.string().optional(),
    endedAt: time,
  })
  .meta({ id: 'SessionEnding' });
