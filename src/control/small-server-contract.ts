import { z } from 'zod';
import { count, deviceId, password, recordId, scheme, time, triggerAddress, userName } from './fields.js';
import { health } from './health.js';
import type { Operations } from './operation.js';

const maxUriLength = 1024;
const maxDataLength = 48 * 1024;
const maxCommands = 64;
const maxWait = 60;

const uri = z
  .string()
  .min(1)
  .max(maxUriLength)
  .meta({ title: `a tree URI of 1 to ${maxUriLength} characters`, description: 'Node in the management tree' });
const data = z
  .string()
  .max(maxDataLength)
  .meta({ title: `text of at most ${maxDataLength} characters`, description: 'Value; Base64 with format `b64` and `bin`' });
const format = z
  .enum(['b64', 'bin', 'bool', 'chr', 'date', 'float', 'int', 'node', 'null', 'time', 'xml'])
  .meta({ description: 'Format of the value' });
const type = z.string().min(1).max(255).meta({ description: 'MIME type of the value' });
const correlator = z.string().min(1).max(128).meta({ description: 'Comes back with what reports an Exec' });

const command = z
  .strictObject({
    command: z.enum(['Get', 'Replace', 'Add', 'Delete', 'Exec']),
    uri,
    data: data.optional(),
    format: format.optional(),
    type: type.optional(),
    correlator: correlator.optional(),
  })
  .meta({ id: 'Command' });
const commands = z.array(command).min(1).max(maxCommands);
const commandOrGroup = z.union([command, z.strictObject({ atomic: commands }), z.strictObject({ sequence: commands })]);
export type SmallServerCommand = z.output<typeof commandOrGroup>;

const clientTrigger = z
  .object({
    sessionId: z.string().meta({ description: 'The SessionID that its session will have' }),
    state: z.enum(['waiting', 'answered', 'given-up']).meta({ description: '`answered`: its session came' }),
    sends: count,
    problem: z.string().optional().meta({ description: 'Why the last one is known not to have arrived' }),
  })
  .meta({ id: 'ClientTrigger' });

const wait = z.coerce.number<number>().min(0).max(maxWait).default(0);

const client = z
  .object({
    id: z.string(),
    userName: z.string(),
    scheme,
    firstContact: time.optional(),
    lastContact: time.optional(),
    facts: z.record(z.string(), z.string()).meta({ description: 'What its DevInfo said: Man, Mod, DmV, Lang …' }),
    queued: count.meta({ description: 'Commands that wait for its next session' }),
    reach: z.string().optional().meta({ description: 'Where a trigger reaches it' }),
    trigger: clientTrigger.optional().meta({ description: 'The last one since the server started' }),
  })
  .meta({ id: 'Client' });

const newClient = z.strictObject({
  id: deviceId,
  userName: userName.optional(),
  scheme: scheme.default('md5'),
  clientPassword: password.meta({ description: "The client's password towards this server" }),
  serverPassword: password.optional().meta({ description: "This server's password towards the client; absent: its certificate is enough" }),
  reach: triggerAddress.optional(),
});

const commandResult = z
  .object({
    id: z.string(),
    client: z.string(),
    state: z.enum(['queued', 'sent', 'done', 'aborted']),
    reason: z.string().optional().meta({ description: 'Why it was aborted, or what is missing from the results' }),
    statuses: z.array(z.object({ uri: z.string().optional(), status: z.int() })),
    results: z.array(
      z.object({ uri: z.string(), format: z.string().optional(), type: z.string().optional(), data: z.string().optional() }),
    ),
  })
  .meta({ id: 'CommandResult' });
export type CommandResult = z.output<typeof commandResult>;

const alert = z
  .object({
    id: z.string(),
    client: z.string(),
    type: z.string(),
    source: z.string().optional(),
    data: z.string().optional(),
    format: z.string().optional(),
    mark: z.string().optional(),
    correlator: z.string().optional(),
    receivedAt: time,
    count: count.meta({ description: 'How many times it arrived; a report with the same origin is one report' }),
  })
  .meta({ id: 'Alert' });

const openSession = z
  .object({ id: z.string(), client: z.string(), sessionId: z.string(), state: z.string(), startedAt: time, messages: count, bytes: count })
  .meta({ id: 'ServerSession' });

const clientId = z.strictObject({ id: deviceId });

/** What the small DM server can be asked over its own socket: its clients, commands for them, and what came back. */
export const smallServerOperations = {
  health: {
    summary: 'Tells whether the server works.',
    method: 'GET',
    path: '/healthz',
    answer: health,
    errors: [],
  },
  listClients: {
    summary: 'Lists the clients that it manages.',
    method: 'GET',
    path: '/v1/clients',
    answer: z.array(client),
    errors: [],
  },
  addClient: {
    summary: 'Adds a client that may come.',
    method: 'POST',
    path: '/v1/clients',
    body: newClient,
    answer: client,
    errors: ['control.exists'],
  },
  removeClient: {
    summary: 'Forgets a client and what waits for it.',
    method: 'DELETE',
    path: '/v1/clients/:id',
    params: clientId,
    errors: ['control.not-found', 'control.declared'],
  },
  queueCommand: {
    summary: "Queues a command, an Atomic or a Sequence for the client's next session.",
    method: 'POST',
    path: '/v1/clients/:id/commands',
    params: clientId,
    query: z.strictObject({
      trigger: z.stringbool().default(false).meta({ description: 'Whether to ask the client for a session too' }),
    }),
    body: commandOrGroup,
    answer: z.object({ id: z.string() }),
    errors: ['control.not-found', 'control.unavailable', 'control.no-trigger'],
    timeout: 20_000,
  },
  triggerClient: {
    summary: 'Asks a client for a session; the same trigger goes again until the session comes, a bounded number of times.',
    method: 'POST',
    path: '/v1/clients/:id/trigger',
    params: clientId,
    query: z.strictObject({
      wait: wait.meta({ description: 'Seconds to wait for the session' }),
      reach: triggerAddress.optional().meta({ description: 'Where a trigger reaches it from now on' }),
    }),
    answer: clientTrigger,
    errors: ['control.not-found', 'control.declared', 'control.unavailable', 'control.no-trigger'],
    timeout: 20_000,
  },
  showCommand: {
    summary: 'Tells what became of a command; waits for its end if asked to.',
    method: 'GET',
    path: '/v1/commands/:id',
    params: z.strictObject({ id: recordId }),
    query: z.strictObject({
      wait: wait.meta({ description: 'Seconds to wait for its end' }),
    }),
    answer: commandResult,
    errors: ['control.not-found'],
  },
  listAlerts: {
    summary: 'Lists the alerts that arrived, the newest last.',
    method: 'GET',
    path: '/v1/alerts',
    query: z.strictObject({ client: deviceId.optional().meta({ description: 'Only the alerts of this client' }) }),
    answer: z.array(alert),
    errors: [],
  },
  listSessions: {
    summary: 'Lists the sessions that are open now.',
    method: 'GET',
    path: '/v1/sessions',
    answer: z.array(openSession),
    errors: [],
  },
} as const satisfies Operations;
