import { z } from 'zod';

const oneLine = /^[^\p{Cc}]+$/u;
const line = (most: number) => z.string().min(1).max(most).regex(oneLine);

/** What the hook script of a DHCP server tells about a lease. */
export const dhcpEvent = z.strictObject({
  action: z
    .enum(['add', 'old', 'del'])
    .meta({ description: 'A new lease; one that was there before, renewed or told again; one that has ended' }),
  mac: z
    .string()
    .regex(/^[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}$/)
    .meta({ title: 'a MAC address such as 00:24:be:80:4f:f1', description: 'MAC address of the device' }),
  address: z.ipv4().meta({ title: 'an IPv4 address', description: 'The address that it has' }),
  hostname: line(255).optional().meta({ description: 'What it calls itself' }),
  remaining: z
    .int()
    .nonnegative()
    .max(0xffff_ffff)
    .optional()
    .meta({ description: 'Seconds that the lease still lasts; absent: for ever' }),
  identity: z
    .strictObject({ oui: line(16), serial: line(255), productClass: line(255).optional() })
    .optional()
    .meta({ description: 'Who it says that it is, from its option 125 (TR-069 Annex F)' }),
  vendorOptions: z
    .string()
    .regex(/^(?:[0-9A-Fa-f]{2}){1,1024}$/)
    .optional()
    .meta({ title: '1 to 1024 bytes in hexadecimal', description: 'The data of its option 125, instead of `identity`' }),
});
export type DhcpEventInput = z.output<typeof dhcpEvent>;
