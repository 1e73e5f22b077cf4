import { z } from 'zod';
import { count, time } from './fields.js';

const refusals = z
  .object({
    malformed: count,
    'unknown-target': count,
    'unknown-server': count,
    'no-secret': count,
    'not-proved': count.meta({ description: 'Forged, or made for a nonce that a session has retired' }),
    used: count.meta({ description: 'Repeats of one that a session has answered, where its nonce stays' }),
    'too-many': count,
    'no-way': count.meta({ description: 'For a transparent device to which nothing leads' }),
    'too-often': count.meta({ description: 'For transparent devices, beyond what is relayed in a minute' }),
  })
  .meta({ id: 'TriggerRefusals' });

const pendingTrigger = z
  .object({
    target: z.string().meta({ description: '`gateway`, or the DevId of the device that is asked' }),
    serverId: z.string(),
    sessionId: z.string().meta({ description: 'The SessionID that the server gave' }),
    uiMode: z.enum(['not-specified', 'background', 'informative', 'user-interaction']),
    initiator: z.enum(['client', 'server']),
    carrier: z.enum(['mqtt', 'https', 'udp']),
    receivedAt: time,
  })
  .meta({ id: 'PendingTrigger' });

const telling = z
  .object({
    device: z.string(),
    by: z.enum(['udp', 'mqtt', 'poll']),
    times: count.meta({ description: 'How often it has been told' }),
    since: time,
  })
  .meta({ id: 'DeviceTelling' });

/** What servers have asked for by triggers, and what became of the rest since the start. */
export const triggers = z
  .object({
    pending: z.array(pendingTrigger).meta({ description: 'Those that no session has answered yet, the oldest first' }),
    accepted: count,
    joined: count.meta({ description: 'Repeats of a pending one' }),
    relayed: count.meta({ description: 'Passed on to transparent devices, byte for byte and proved by nobody here' }),
    telling: z.array(telling).meta({ description: 'Devices that are being told, and have not come yet' }),
    refused: refusals,
  })
  .meta({ id: 'Triggers' });
