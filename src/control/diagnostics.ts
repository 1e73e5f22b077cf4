import { z } from 'zod';
import { account } from './account.js';
import { device } from './device.js';
import { count, time } from './fields.js';
import { health, readiness } from './health.js';
import { ending, session } from './session.js';
import { status } from './status.js';

/** Open sessions, reports that are due and devices that a bundle lists at most of each; all are counted. */
export const mostListed = 200;

/** Whether a bundle names devices. */
export const diagnosticsQuery = z.strictObject({
  devices: z.enum(['masked', 'shown']).default('masked').meta({
    description: 'Devices are counted, and masked where something else names them; or shown as they are, with their addresses',
  }),
});

const machine = z
  .object({
    node: z.string(),
    platform: z.string().meta({ description: 'Operating system, its release and the architecture' }),
    processors: count,
    memory: z.object({ total: count, free: count }).meta({ description: 'Of the machine, in bytes' }),
    process: z
      .object({ resident: count, heapUsed: count, heapTotal: count, external: count, arrayBuffers: count })
      .meta({ description: 'Of the gateway alone, in bytes' }),
  })
  .meta({ id: 'DiagnosticsMachine' });

const metric = z
  .object({ name: z.string(), labels: z.record(z.string(), z.string()), value: z.number() })
  .meta({ id: 'DiagnosticsMetric' });

const database = z
  .object({
    pageBytes: count,
    pages: count,
    freePages: count,
    walBytes: count.meta({ description: 'Of what is not yet in the file itself' }),
    check: z.string().meta({ description: "SQLite's quick_check: `ok`, the first mistake, or why it was left out" }),
    unreadableRows: count,
  })
  .meta({ id: 'DiagnosticsDatabase' });

const queues = z
  .object({
    reports: count,
    due: z.array(z.object({ owner: z.string(), serverId: z.string(), nextAt: time })).meta({ description: 'Who has something to send' }),
    triggers: count,
    messages: z.object({ rows: count, bytes: count }).meta({ description: 'For devices, at the embedded broker' }),
  })
  .meta({ id: 'DiagnosticsQueues' });

/** Everything that helps to find what is wrong, in one piece, and no secret. In safe mode what needs the database is absent. */
export const diagnostics = z
  .object({
    madeAt: time,
    devicesAre: z.enum(['masked', 'shown']),
    status,
    health,
    readiness,
    machine,
    clock: z
      .object({ system: time, own: time, doubt: z.string().optional().meta({ description: "Why the system's is not believed" }) })
      .meta({ description: 'What the system says, and what the gateway goes by', id: 'DiagnosticsClock' }),
    configuration: z.unknown().meta({ description: 'What is in force, defaults included; secrets are not shown' }),
    metrics: z.array(metric).optional().meta({ description: 'What `GET /metrics` tells' }),
    connections: z.record(z.string(), count).optional().meta({ description: 'How many are open at each door' }),
    accounts: z
      .object({
        own: z.array(account),
        ofDevices: z.record(z.string(), count).meta({ description: 'How many devices have one, by server id' }),
      })
      .optional(),
    devices: z
      .object({
        byStatus: z.record(z.string(), count),
        byScheme: z.record(z.string(), count),
        first: z
          .array(device)
          .optional()
          .meta({ description: `The first ${mostListed}, where devices are shown` }),
      })
      .optional(),
    sessions: z
      .object({ open: z.array(session), ended: z.array(ending).meta({ description: 'The last ones, the newest first' }) })
      .optional(),
    queues: queues.optional(),
    database: database.optional(),
    log: z.array(z.record(z.string(), z.unknown())).meta({ description: 'The last lines, the oldest first: at most 256 KiB of them' }),
  })
  .meta({ id: 'Diagnostics' });
export type DiagnosticsAnswer = z.output<typeof diagnostics>;
