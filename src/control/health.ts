import { z } from 'zod';

/** How a program is: `degraded` works, but not everything does; `broken` needs somebody who mends it. */
export const health = z.object({ status: z.enum(['ok', 'degraded', 'broken']), reasons: z.array(z.string()) }).meta({ id: 'Health' });

/** Whether a gateway takes sessions. */
export const readiness = z.object({ ready: z.boolean(), reasons: z.array(z.string()) }).meta({ id: 'Readiness' });
