import { z } from 'zod';
import { time } from './fields.js';

/** A DM server that does not answer. */
const serverAway = z
  .object({
    serverId: z.string(),
    address: z.string().meta({ description: 'Scheme, host and port' }),
    since: time,
    nextTry: time.optional().meta({
      description: 'When it is tried again, unless a trigger of the server or a device comes before; absent: as soon as anything waits',
    }),
    detail: z.string().meta({ description: 'What the last try met' }),
  })
  .meta({ id: 'ServerAway' });

/** How a gateway is; in `safe-mode` it serves nobody, because its database cannot be used. */
export const status = z
  .object({
    state: z.enum(['starting', 'running', 'draining', 'safe-mode']),
    version: z.string(),
    pid: z.int(),
    uptime: z.number().nonnegative().meta({ description: 'Seconds since it started' }),
    reasons: z.array(z.string()).meta({ description: 'What is not as it should be, and what to do' }),
    serversAway: z
      .array(serverAway)
      .optional()
      .meta({ description: 'DM servers that do not answer now, those that are away longest first' }),
    damagedCopy: z.string().optional().meta({ description: 'Where the damaged database was copied to' }),
  })
  .meta({ id: 'Status' });
