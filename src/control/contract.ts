import { z } from 'zod';
import { account, accountTest, newAccount } from './account.js';
import { addedDevice, device, devicePage, newDevice } from './device.js';
import { dhcpEvent } from './dhcp-event.js';
import { diagnostics, diagnosticsQuery } from './diagnostics.js';
import { deviceId, serverId } from './fields.js';
import { health, readiness } from './health.js';
import type { Operations } from './operation.js';
import { admission, newName } from './presence.js';
import { session } from './session.js';
import { status } from './status.js';
import { triggers } from './trigger.js';

const gateway = z
  .object({
    name: z.string(),
    version: z.string(),
    devId: z.string().meta({ description: "The gateway's own DevId, made once" }),
    serverId: z.string().meta({ description: 'The server id that its devices know it by' }),
    uptime: z.number().nonnegative().meta({ description: 'Seconds since it started' }),
    south: z.array(z.object({ url: z.string(), paths: z.array(z.string()) })).meta({ description: 'Where devices reach it' }),
    pid: z.int(),
    state: z.enum(['starting', 'running', 'draining']),
  })
  .meta({ id: 'Gateway' });

const ofDevice = z.strictObject({ device: deviceId.optional().meta({ description: 'Whose account; absent: the gateway itself' }) });

/** What a gateway can be asked over its control socket. Secrets go in; only `addDevice` gives some back, once. */
export const controlOperations = {
  health: {
    summary: 'Tells whether the gateway works. Answers 200 also when degraded, and 503 only when broken: somebody has to mend it.',
    method: 'GET',
    path: '/healthz',
    answer: health,
    statusOf: (answer) => (['ok', 'degraded'].includes(health.parse(answer).status) ? 200 : 503),
    errors: [],
  },
  readiness: {
    summary: 'Tells whether the gateway takes sessions. Answers 503 while it starts or stops, and while nothing can be stored.',
    method: 'GET',
    path: '/readyz',
    answer: readiness,
    statusOf: (answer) => (readiness.parse(answer).ready ? 200 : 503),
    errors: [],
  },
  status: {
    summary:
      'Tells how the gateway is, and what is not as it should be. In safe mode only this, the diagnostics, the health and the readiness are answered.',
    method: 'GET',
    path: '/v1/status',
    answer: status,
    errors: [],
  },
  diagnostics: {
    summary: 'Tells everything that helps to find what is wrong, in one piece and without a secret; also in safe mode.',
    method: 'GET',
    path: '/v1/diagnostics',
    query: diagnosticsQuery,
    answer: diagnostics,
    errors: [],
    timeout: 60_000,
  },
  gateway: {
    summary: 'Tells who the gateway is and where it listens.',
    method: 'GET',
    path: '/v1/gateway',
    answer: gateway,
    errors: [],
  },
  listDevices: {
    summary: 'Lists the devices of the inventory in the order of their ids, one page at a time: a page that is not full is the last.',
    method: 'GET',
    path: '/v1/devices',
    query: devicePage,
    answer: z.array(device),
    errors: [],
  },
  showDevice: {
    summary: 'Tells everything about one device.',
    method: 'GET',
    path: '/v1/devices/:id',
    params: z.strictObject({ id: deviceId }),
    answer: device,
    errors: ['control.not-found'],
  },
  addDevice: {
    summary: 'Adds a device and its accounts, and makes the DMAcc that the device needs.',
    method: 'POST',
    path: '/v1/devices',
    body: newDevice,
    answer: addedDevice,
    errors: ['control.exists', 'control.not-possible', 'control.unavailable'],
  },
  showAdmission: {
    summary: 'Tells what becomes of unknown devices that are discovered, and which ones were refused.',
    method: 'GET',
    path: '/v1/admission',
    answer: admission,
    errors: [],
  },
  admitDevice: {
    summary: 'Lets in a device that is in quarantine, or was refused.',
    method: 'POST',
    path: '/v1/devices/:id/admit',
    params: z.strictObject({ id: deviceId }),
    answer: device,
    errors: ['control.not-found'],
  },
  refuseDevice: {
    summary: 'Forgets a device, and sees to it that it does not come back by being discovered.',
    method: 'POST',
    path: '/v1/devices/:id/refuse',
    params: z.strictObject({ id: deviceId }),
    errors: ['control.declared'],
  },
  quarantineDevice: {
    summary: 'Ends the sessions of a device and tells nobody of it until it is admitted; servers that know of it hear that it has left.',
    method: 'POST',
    path: '/v1/devices/:id/quarantine',
    params: z.strictObject({ id: deviceId }),
    answer: device,
    errors: ['control.not-found'],
  },
  renameDevice: {
    summary: 'Gives a device the name that people call it by.',
    method: 'POST',
    path: '/v1/devices/:id/name',
    params: z.strictObject({ id: deviceId }),
    body: newName,
    answer: device,
    errors: ['control.not-found', 'control.declared'],
  },
  removeDevice: {
    summary: 'Forgets an added device with its accounts and everything that waits for it.',
    method: 'DELETE',
    path: '/v1/devices/:id',
    params: z.strictObject({ id: deviceId }),
    errors: ['control.not-found', 'control.declared'],
  },
  listAccounts: {
    summary: "Lists the accounts: the gateway's own and all devices', or one device's.",
    method: 'GET',
    path: '/v1/accounts',
    query: z.strictObject({ device: deviceId.optional().meta({ description: 'Only the accounts of this device' }) }),
    answer: z.array(account),
    errors: ['control.not-found'],
  },
  addAccount: {
    summary: "Adds an account: a device's, or the gateway's own.",
    method: 'POST',
    path: '/v1/accounts',
    body: newAccount,
    answer: account,
    errors: ['control.not-found', 'control.exists'],
  },
  removeAccount: {
    summary: 'Forgets an added account and everything that waits for its server.',
    method: 'DELETE',
    path: '/v1/accounts/:serverId',
    params: z.strictObject({ serverId }),
    query: ofDevice,
    errors: ['control.not-found', 'control.declared'],
  },
  testAccount: {
    summary: 'Runs a real session with the server of an account and tells how far it came.',
    method: 'POST',
    path: '/v1/accounts/:serverId/test',
    params: z.strictObject({ serverId }),
    query: ofDevice,
    answer: accountTest,
    errors: ['control.not-found', 'control.not-possible', 'control.unavailable'],
    timeout: 60_000,
  },
  listSessions: {
    summary: 'Lists the sessions that are open now.',
    method: 'GET',
    path: '/v1/sessions',
    answer: z.array(session),
    errors: [],
  },
  listTriggers: {
    summary: 'Lists the triggers that no session has answered yet, and counts what became of the others.',
    method: 'GET',
    path: '/v1/triggers',
    answer: triggers,
    errors: [],
  },
  dhcpEvent: {
    summary: 'Takes what the hook script of the DHCP server tells about a lease.',
    method: 'POST',
    path: '/v1/dhcp-events',
    body: dhcpEvent,
    errors: ['control.not-possible'],
    timeout: 5_000,
  },
} as const satisfies Operations;
