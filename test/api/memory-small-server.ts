import { PosternError } from '#src/base/index.js';
import type { CommandResult, SmallServerService } from '#src/control/index.js';

/** A small DM server that keeps commands and never meets a client; tests say what became of them. */
export class MemorySmallServer implements SmallServerService {
  readonly queued: object[] = [];
  readonly results = new Map<string, CommandResult>();
  /** The waits that were asked for, in seconds. */
  readonly waits: number[] = [];
  readonly added: object[] = [];

  async health() {
    return { status: 'ok' as const, reasons: [] };
  }

  async listClients() {
    const facts = { Man: 'Postern', Mod: 'Virtual' };
    return [{ id: 'urn:imei:1', userName: 'urn:imei:1', scheme: 'md5' as const, facts, queued: this.queued.length }];
  }

  async addClient(input: Parameters<SmallServerService['addClient']>[0]) {
    this.added.push(input);
    return { id: input.id, userName: input.userName ?? input.id, scheme: input.scheme, facts: {}, queued: 0 };
  }

  async removeClient({ id }: { id: string }) {
    throw new PosternError('control.declared', { what: 'client', id });
  }

  async queueCommand(input: Parameters<SmallServerService['queueCommand']>[0]) {
    this.queued.push(input);
    return { id: String(this.queued.length) };
  }

  async triggerClient({ wait }: { id: string; wait: number }) {
    this.waits.push(wait);
    return { sessionId: 'A1B', state: wait > 0 ? ('answered' as const) : ('waiting' as const), sends: 1 };
  }

  async showCommand({ id, wait }: { id: string; wait: number }) {
    this.waits.push(wait);
    const result = this.results.get(id);
    if (result === undefined) throw new PosternError('control.not-found', { what: 'command', id });
    return result;
  }

  async listAlerts() {
    return [{ id: '1', client: 'urn:imei:1', type: 'org.example:ready', receivedAt: '2026-01-01T00:00:00.000Z', count: 1 }];
  }

  async listSessions() {
    return [];
  }
}
