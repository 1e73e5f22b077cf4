import { z } from 'zod';
import { deviceAccount } from './account.js';
import { allowPlainHttp, count, deviceId, displayName, password, polling, scheme, time, trigger, userName } from './fields.js';

const deviceOrigin = z
  .enum(['config', 'added', 'discovered'])
  .meta({ description: 'Where it was declared, if anywhere; what the configuration declares only the configuration removes' });

/** A device of the inventory with what is known about it; an absent fact is unknown. */
export const device = z
  .object({
    id: z.string(),
    name: z.string().optional().meta({ description: 'What the operator calls it, else what it calls itself' }),
    mode: z.enum(['proxy', 'transparent', 'adaptation']),
    origin: deviceOrigin,
    scheme: scheme.optional().meta({ description: 'Absent: it has no credentials here' }),
    userName: z.string().optional(),
    allowPlainHttp,
    polling,
    trigger,
    status: z.enum(['known', 'attached', 'detached', 'unreachable', 'quarantined']).meta({
      description:
        '`known`: never been here; `attached`; `detached`: it has left; `unreachable`: attached, but it does not come when it is called; `quarantined`: servers hear nothing of it until it is admitted',
    }),
    seenBy: z
      .array(z.enum(['session', 'ssdp', 'mdns', 'broker', 'dhcp']))
      .meta({ description: 'By what it was noticed, without the ways by which it has left since; all but `session` prove nothing' }),
    address: z.string().optional().meta({ description: 'From where it came last, or says to be' }),
    manufacturer: z.string().optional(),
    model: z.string().optional(),
    firmware: z.string().optional(),
    dmVersion: z.string().optional(),
    firstSeen: time.optional(),
    lastContact: time.optional().meta({ description: 'Its last session' }),
    lastSeen: time.optional().meta({ description: 'When it was noticed last, by whatever way' }),
    association: z
      .object({
        epoch: count.meta({ description: 'Rises by one with each attachment; 0 before the first' }),
        reported: z.array(z.object({ serverId: z.string(), state: z.enum(['pending', 'delivered', 'refused', 'expired']) })),
      })
      .meta({ description: 'Which attachment this is, and which servers have been told' }),
    accounts: z.array(z.string()).meta({ description: 'The servers that manage it' }),
    pendingAlerts: count.meta({ description: 'Its own reports that a server has not taken yet' }),
  })
  .meta({ id: 'Device' });
export type DeviceAnswer = z.output<typeof device>;

/** Devices in one answer; more would keep the gateway from its sessions for too long. */
export const devicesInPage = 200;

export const devicePage = z.strictObject({
  after: deviceId.optional().meta({ description: 'The last device of the page before; absent: from the first on' }),
  limit: z.coerce
    .number<number>()
    .int()
    .min(1)
    .max(devicesInPage)
    .default(devicesInPage)
    .meta({ title: `1 to ${devicesInPage}`, description: `Devices in the answer, 1 to ${devicesInPage}` }),
});

/** A device to add; a password that is absent is made up (128 bits). */
export const newDevice = z.strictObject({
  id: deviceId,
  name: displayName.optional(),
  mode: z
    .enum(['proxy', 'transparent'])
    .default('proxy')
    .meta({ description: 'Whether its session ends here, or goes through the forward proxy to a server of its own' }),
  scheme: scheme.default('md5'),
  userName: userName.optional(),
  clientPassword: password.optional().meta({ description: "The device's password towards the gateway; absent: one is made up" }),
  withoutPassword: z
    .boolean()
    .default(false)
    .meta({ description: 'Only for a transparent device: it shows no password to the forward proxy, and is let out only by its address' }),
  serverPassword: password.optional().meta({ description: "The gateway's password towards the device; absent: one is made up" }),
  allowPlainHttp: allowPlainHttp.default(false),
  polling: polling.default('always'),
  trigger: trigger.default({ by: 'none' }),
  accounts: z
    .array(deviceAccount)
    .max(16)
    .refine(haveOwnServers, { params: { allowed: 'one account for each server id' } })
    .default([])
    .meta({ description: 'The servers that are to manage it' }),
});

/** The only answer that has secrets: they stand in `dmAcc` or `proxy`, once. */
export const addedDevice = z
  .object({
    device,
    dmAcc: z.string().meta({
      description:
        'The DMAcc that the device needs, TNDS in XML, with its passwords: they are told this once. Empty for a transparent device',
    }),
    proxy: z
      .object({ userName: z.string(), password: z.string() })
      .optional()
      .meta({ description: 'What a transparent device shows to the forward proxy (Basic): told this once' }),
    address: z
      .string()
      .meta({ description: 'Where the device finds the gateway; for a transparent one its forward proxy, empty if there is none' }),
    trust: z.string().meta({ description: 'Certificate of the local CA, PEM' }),
  })
  .meta({ id: 'AddedDevice' });
export type AddedDevice = z.output<typeof addedDevice>;

function haveOwnServers(accounts: readonly { readonly serverId: string }[]): boolean {
  return new Set(accounts.map(({ serverId }) => serverId)).size === accounts.length;
}
