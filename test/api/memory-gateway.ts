import { makeBundle } from '#src/api/index.js';
import { PosternError } from '#src/base/index.js';
import type { AccountAnswer, ControlService, DeviceAnswer } from '#src/control/index.js';
import { quietSources } from './quiet-sources.js';

/** A gateway that keeps its devices and accounts in memory and manages nothing, to try the doors on. */
export class MemoryGateway implements ControlService {
  readonly devices = new Map<string, DeviceAnswer>();
  readonly accounts: AccountAnswer[] = [];
  readonly refused = new Set<string>();
  /** Every input that arrived, with the operation before it. */
  readonly calls: [string, object][] = [];
  testOutcome = { ok: true, steps: [{ name: 'connect', ok: true, detail: 'TLS 1.3' }] };

  async health() {
    return { status: 'ok' as const, reasons: [] };
  }

  async readiness() {
    return { ready: true, reasons: [] };
  }

  async status() {
    return { state: 'running' as const, version: '0.1.0', pid: 1, uptime: 5, reasons: [] };
  }

  async diagnostics({ devices }: Parameters<ControlService['diagnostics']>[0]) {
    this.calls.push(['diagnostics', { devices }]);
    const told = { status: await this.status(), health: await this.health(), readiness: await this.readiness() };
    return makeBundle(quietSources, told, {}, devices, { isDevice: () => false, nobodys: [] });
  }

  async gateway() {
    const south = [{ url: 'https://192.0.2.1:8443', paths: ['/dm'] }];
    return {
      name: 'home',
      version: '0.1.0',
      devId: 'urn:uuid:1',
      serverId: 'postern',
      uptime: 5,
      south,
      pid: 1,
      state: 'running' as const,
    };
  }

  async listDevices({ after = '', limit }: Parameters<ControlService['listDevices']>[0]) {
    this.calls.push(['listDevices', { after, limit }]);
    const sorted = [...this.devices.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    return sorted.filter(({ id }) => id > after).slice(0, limit);
  }

  async showDevice({ id }: { id: string }) {
    const device = this.devices.get(id);
    if (device === undefined) throw new PosternError('control.not-found', { what: 'device', id });
    return device;
  }

  async addDevice(input: Parameters<ControlService['addDevice']>[0]) {
    this.calls.push(['addDevice', input]);
    if (this.devices.has(input.id)) throw new PosternError('control.exists', { what: 'device', id: input.id });
    const device = knownDevice(
      input.id,
      input.accounts.map((account) => account.serverId),
    );
    this.devices.set(input.id, device);
    const dmAcc = `<MgmtTree><!-- ${input.clientPassword ?? 'made-up-password'} --></MgmtTree>`;
    return { device, dmAcc, address: 'https://192.0.2.1:8443/dm', trust: 'PEM of the CA\n' };
  }

  async showAdmission() {
    const turnedAway = { closed: 0, refused: 0, tooFast: 3, tooMany: 0 };
    const refused = [...this.refused].map((device) => ({ device, since: '2026-01-01T00:00:00.000Z' }));
    return { policy: 'ask' as const, refused, turnedAway };
  }

  admitDevice({ id }: { id: string }) {
    return this.#change(id, { status: 'known' });
  }

  quarantineDevice({ id }: { id: string }) {
    return this.#change(id, { status: 'quarantined' });
  }

  async refuseDevice({ id }: { id: string }) {
    this.devices.delete(id);
    this.refused.add(id);
  }

  renameDevice({ id, name }: { id: string; name?: string | undefined }) {
    return this.#change(id, { name });
  }

  async #change(id: string, change: Partial<Pick<DeviceAnswer, 'status' | 'name'>>) {
    const device = { ...(await this.showDevice({ id })), ...change };
    this.devices.set(id, device);
    return device;
  }

  async removeDevice({ id }: { id: string }) {
    const device = await this.showDevice({ id });
    if (device.origin === 'config') throw new PosternError('control.declared', { what: 'device', id });
    this.devices.delete(id);
  }

  async listAccounts({ device }: { device?: string | undefined }) {
    return this.accounts.filter((account) => device === undefined || account.device === device);
  }

  async addAccount(input: Parameters<ControlService['addAccount']>[0]) {
    this.calls.push(['addAccount', input]);
    // Also what must not be told is in it: the door has to take it out.
    const account = { name: input.serverId, userName: 'urn:uuid:1', origin: 'added' as const, pendingAlerts: 0, ...input };
    this.accounts.push(account as AccountAnswer);
    return account as AccountAnswer;
  }

  async removeAccount(input: { serverId: string; device?: string | undefined }) {
    this.calls.push(['removeAccount', input]);
    const at = this.accounts.findIndex(({ serverId, device }) => serverId === input.serverId && device === input.device);
    if (at === -1) throw new PosternError('control.not-found', { what: 'account', id: input.serverId });
    this.accounts.splice(at, 1);
  }

  async testAccount(input: { serverId: string; device?: string | undefined }) {
    this.calls.push(['testAccount', input]);
    return this.testOutcome;
  }

  async dhcpEvent(input: Parameters<ControlService['dhcpEvent']>[0]) {
    this.calls.push(['dhcpEvent', input]);
  }

  async listTriggers() {
    const refused = { malformed: 0, 'unknown-target': 0, 'unknown-server': 0, 'no-secret': 0, 'not-proved': 3, used: 0 };
    const more = { 'too-many': 0, 'no-way': 0, 'too-often': 0 };
    const receivedAt = '2026-01-01T00:00:00.000Z';
    const about = { uiMode: 'background', initiator: 'server', carrier: 'mqtt', receivedAt } as const;
    const pending = [{ target: 'gateway', serverId: 'operator', sessionId: 'A1B', ...about }];
    const telling = [{ device: 'urn:imei:1', by: 'poll', times: 2, since: receivedAt } as const];
    return { pending, telling, accepted: 1, joined: 2, relayed: 0, refused: { ...refused, ...more } };
  }

  async listSessions() {
    return [
      {
        id: 's1',
        leg: 'south' as const,
        device: 'urn:imei:1',
        serverId: 'postern',
        sessionId: '1',
        state: 'open',
        startedAt: '2026-01-01T00:00:00.000Z',
        messages: 2,
        bytes: 4096,
      },
    ];
  }
}

/** A device that was declared and never came. */
export function knownDevice(id: string, accounts: string[] = []): DeviceAnswer {
  return {
    id,
    mode: 'proxy',
    origin: 'added',
    scheme: 'md5',
    userName: id,
    allowPlainHttp: false,
    polling: 'always',
    trigger: { by: 'none' },
    status: 'known',
    seenBy: [],
    association: { epoch: 0, reported: [] },
    accounts,
    pendingAlerts: 0,
  };
}
