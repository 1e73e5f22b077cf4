import { z } from 'zod';
import { count, displayName, time } from './fields.js';

/** Whom the gateway lets in, and whom it has turned away. */
export const admission = z
  .object({
    policy: z.enum(['open', 'ask', 'closed']).meta({ description: 'What becomes of an unknown device that is discovered' }),
    refused: z
      .array(z.object({ device: z.string(), since: time }))
      .meta({ description: 'Devices that do not come back by being discovered, the oldest first' }),
    turnedAway: z
      .object({ closed: count, refused: count, tooFast: count, tooMany: count })
      .meta({ description: 'How often an unknown device was not written down since the start, and why' }),
  })
  .meta({ id: 'Admission' });

/** What people call a device from now on. */
export const newName = z.strictObject({
  name: displayName.optional().meta({ description: 'Absent: what it calls itself' }),
});
