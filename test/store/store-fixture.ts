import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { ManualClock } from '#src/base/index.js';
import { type Account, type DeviceDeclaration, gatewayOwner, type OutboxAlert, type SouthCredentials } from '#src/gateway/index.js';
import { createSealer } from '#src/security/index.js';
import { type GatewayStoreOptions, type OpenGatewayStore, openGatewayStore } from '#src/store/index.js';

/** A private directory (0700) that goes with its test. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'postern-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A store on a real file, closed with its test. */
export function openStore(directory: string, options: Partial<GatewayStoreOptions> = {}): OpenGatewayStore {
  const sealer = createSealer(Buffer.alloc(32, 1));
  const store = openGatewayStore({ directory, sealer, clock: new ManualClock(), ...options });
  onTestFinished(() => store.close());
  return store;
}

export const device: DeviceDeclaration & { readonly south: SouthCredentials } = {
  id: 'IMEI:490154203237518',
  name: 'Kitchen',
  mode: 'proxy',
  origin: 'added',
  south: {
    scheme: 'md5',
    userName: 'kitchen',
    clientSecret: { kind: 'digest', value: 'ZGV2aWNl' },
    serverSecret: { kind: 'password', value: 'ours' },
  },
  allowPlainHttp: false,
  polling: 3_600_000,
};

export const account: Account = {
  owner: device.id,
  serverId: 'operator',
  name: 'Operator',
  address: 'https://dm.example/dm',
  scheme: 'basic',
  userName: 'kitchen',
  clientSecret: { kind: 'password', value: 'north' },
  encoding: 'xml',
  allowPlainHttp: false,
  correlation: 'none',
  priority: 100,
  origin: 'added',
};

export const alert: Omit<OutboxAlert, 'id' | 'attempts'> = {
  owner: gatewayOwner,
  serverId: 'operator',
  alert: '{"data":1226}',
  origin: `${device.id}/1`,
  createdAt: Date.UTC(2026, 0, 1),
  nextAt: Date.UTC(2026, 0, 1),
};
