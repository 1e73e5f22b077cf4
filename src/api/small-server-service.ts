import { PosternError } from '#src/base/index.js';
import type { CommandResult, SmallServerService } from '#src/control/index.js';
import type { AlertRecord, ClientView, CommandRecord, ServerSessionView, SmallServer } from '#src/small-server/index.js';

/** The small DM server behind its contract: times become ISO 8601, secrets stay inside. */
export function createSmallServerService(server: SmallServer): SmallServerService {
  return {
    health: async () => (server.stopping ? { status: 'degraded', reasons: ['the server is stopping'] } : { status: 'ok', reasons: [] }),
    listClients: async () => server.clients().map(clientAnswer),
    addClient: async (client) => clientAnswer(await server.addClient(client)),
    removeClient: ({ id }) => server.removeClient(id),
    queueCommand: async ({ id, trigger, ...order }) => ({ id: String(await server.order(id, order, { trigger })) }),
    triggerClient: ({ id, wait, reach }) => server.trigger(id, { wait: wait * 1000, reach }),
    showCommand: async ({ id, wait }) => commandAnswer(await server.command(commandId(id), wait * 1000)),
    listAlerts: async ({ client }) => server.alerts(client).map(alertAnswer),
    listSessions: async () => server.sessions().map(sessionAnswer),
  };
}

function clientAnswer({ id, userName, scheme, facts, queued, firstContact, lastContact, reach, trigger }: ClientView) {
  return {
    ...{ id, userName, scheme, queued },
    facts: { ...facts },
    ...(firstContact === undefined ? {} : { firstContact: isoTime(firstContact) }),
    ...(lastContact === undefined ? {} : { lastContact: isoTime(lastContact) }),
    ...(reach === undefined ? {} : { reach }),
    ...(trigger === undefined ? {} : { trigger }),
  };
}

function commandAnswer({ id, client, state, statuses, results, reason }: CommandRecord): CommandResult {
  return {
    ...{ id: String(id), client, state },
    ...(reason === undefined ? {} : { reason }),
    statuses: statuses.map((status) => ({ ...status })),
    results: results.map((result) => ({ ...result })),
  };
}

/** @throws PosternError `control.not-found`: what is no number names no command */
function commandId(id: string): number {
  if (!/^[1-9]\d{0,14}$/.test(id)) throw new PosternError('control.not-found', { what: 'command', id });
  return Number(id);
}

function alertAnswer({ id, receivedAt, ...alert }: AlertRecord) {
  return { ...alert, id: String(id), receivedAt: isoTime(receivedAt) };
}

function sessionAnswer({ startedAt, ...session }: ServerSessionView) {
  return { ...session, startedAt: isoTime(startedAt) };
}

function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
