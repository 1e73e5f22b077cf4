import { z } from 'zod';

/** How a gateway is; in `safe-mode` it serves nobody, because its database cannot be used. */
export const status = z
  .object({
    state: z.enum(['starting', 'running', 'draining', 'safe-mode']),
    version: z.string(),
    pid: z.int(),
    uptime: z.number().nonnegative().meta({ description: 'Seconds since it started' }),
    reasons: z.array(z.string()).meta({ description: 'What is not as it should be, and what to do' }),
    damagedCopy: z.string().optional().meta({ description: 'Where the damaged database was copied to' }),
  })
  .meta({ id: 'Status' });
