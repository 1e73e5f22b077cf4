import { z } from 'zod';
import {
  address,
  allowPlainHttp,
  correlation,
  count,
  deviceId,
  displayName,
  encoding,
  origin,
  password,
  polling,
  priority,
  rights,
  scheme,
  serverId,
  userName,
} from './fields.js';

const owner = deviceId.optional().meta({ description: 'Whose account it is; absent: the gateway itself' });

const credentials = {
  serverId,
  name: displayName.optional(),
  address,
  scheme: scheme.default('md5'),
  userName: userName.optional().meta({ description: 'Our user name there; absent: the id of the device or gateway' }),
  clientPassword: password.meta({ description: 'Our password towards the server' }),
  serverPassword: password.optional().meta({ description: "The server's password towards us; absent: its certificate is enough" }),
  encoding: encoding.default('xml'),
  allowPlainHttp: allowPlainHttp.default(false),
  rights: rights.optional(),
};
const inTurn = {
  priority: priority.optional(),
  polling: polling.optional().meta({
    title: '"always", "never", or a positive whole number of milliseconds',
    description: "When this server is asked for work; absent: as the device's policy says. Only for an account of a device",
  }),
};

/** Runs even if other fields are mistaken, so that every mistake is told at once. */
const always = { when: () => true };
const plainHttp = {
  ...always,
  path: ['address'],
  params: { allowed: 'an https URL, or "allowPlainHttp": true with a "serverPassword": over plain http nothing else proves the server' },
};
const notForDevices = {
  ...always,
  path: ['correlation'],
  params: { allowed: 'nothing beside "device": only an account of the gateway itself has it' },
};

const onlyForDevices = (field: 'priority' | 'polling') => ({
  ...always,
  path: [field],
  params: { allowed: 'nothing without "device": only an account of a device has it' },
});

/** An account that comes with its device. */
export const deviceAccount = z
  .strictObject({ ...credentials, ...inTurn })
  .refine(isSafeAddress, plainHttp)
  .meta({ id: 'DeviceAccount' });

/** An account added by itself: a device's, or without `device` the gateway's own. */
export const newAccount = z
  .strictObject({ device: owner, ...credentials, ...inTurn, correlation: correlation.optional() })
  .refine(isSafeAddress, plainHttp)
  .refine(hasOneKind, notForDevices)
  .refine((value) => isOfDevice(value, 'priority'), onlyForDevices('priority'))
  .refine((value) => isOfDevice(value, 'polling'), onlyForDevices('polling'));

/** What is told about an account: never a secret. */
export const account = z
  .object({
    device: z.string().optional().meta({ description: 'Whose account it is; absent: the gateway itself' }),
    serverId: z.string(),
    name: z.string(),
    address: z.string(),
    scheme,
    userName: z.string(),
    encoding,
    allowPlainHttp,
    correlation: correlation.optional(),
    priority: priority.optional(),
    rights: rights.optional(),
    polling: polling.optional(),
    origin,
    pendingAlerts: count.meta({ description: 'Reports that this server has not taken yet' }),
  })
  .meta({ id: 'Account' });
export type AccountAnswer = z.output<typeof account>;

/** What became of a trial session with a server, step by step. */
export const accountTest = z
  .object({ ok: z.boolean(), steps: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })) })
  .meta({ id: 'AccountTest' });

/** Without a certificate and without a password anybody on the way could manage what is behind us. */
function isSafeAddress(value: unknown): boolean {
  const { address, allowPlainHttp, serverPassword } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof address !== 'string' || !address.toLowerCase().startsWith('http:')) return true;
  return allowPlainHttp === true && serverPassword !== undefined;
}

function isOfDevice(value: unknown, field: 'priority' | 'polling'): boolean {
  const account = (value ?? {}) as { device?: unknown; priority?: unknown; polling?: unknown };
  return account.device !== undefined || account[field] === undefined;
}

function hasOneKind(value: unknown): boolean {
  const { device, correlation } = (value ?? {}) as { device?: unknown; correlation?: unknown };
  return device === undefined || correlation === undefined;
}
