import { z } from 'zod';
import { rightCommands } from '#src/authority/index.js';
import { parseTriggerAddress, triggerAddressForm } from '#src/config/index.js';

/** The longest id of anything, in characters. */
export const maxIdLength = 128;
export const maxPasswordLength = 255;
const maxAddressLength = 1024;
const printable = /^[\x21-\x7e]+$/;
const oneLine = /^[^\p{Cc}]+$/u;

/** Fields that requests share; a `title` is what a mistake is told to use instead. Answers are told as they are. */
const id = z
  .string()
  .min(1)
  .max(maxIdLength)
  .regex(printable)
  .meta({ title: `1 to ${maxIdLength} printable ASCII characters without spaces` });
const text = z
  .string()
  .min(1)
  .max(maxIdLength)
  .regex(oneLine)
  .meta({ title: `one line of 1 to ${maxIdLength} characters` });
const schemes = ['basic', 'md5'] as const;

export const deviceId = id.meta({ description: 'DevId URN of the device, for example `urn:imei:490154203237518`' });
/** The longest server id that the devices of the field take, in bytes. */
const maxServerIdBytes = 23;
export const serverId = z
  .string()
  // Access control lists join server ids with `+` and end them with `&`. @see OMA DM TND 1.2 § 7.7.1
  .regex(/^[^\s\p{Cc}=&*+]+$/u)
  .refine((value) => Buffer.byteLength(value) <= maxServerIdBytes)
  .meta({ title: `1 to ${maxServerIdBytes} bytes without = & * + or a space`, description: 'Server id of the DM server' });
export const recordId = id;
export const displayName = text.meta({ description: 'What people call it' });
export const userName = text.meta({ description: 'User name of the credentials; absent: the id' });
export const scheme = z.enum(schemes).meta({ description: 'How the passwords prove themselves' });
export const encoding = z.enum(['xml', 'wbxml']).meta({ description: 'What we write to the DM server; it may answer in either' });
export const password = z
  .string()
  .min(1)
  .max(maxPasswordLength)
  .regex(oneLine)
  .meta({ title: `one line of 1 to ${maxPasswordLength} characters` });
export const address = z.string().max(maxAddressLength).refine(isServerAddress).meta({
  title: 'an http or https URL without user, password and fragment',
  description: 'URL of the DM server',
});
export const allowPlainHttp = z.boolean().meta({ description: 'Whether credentials may travel over http; for laboratories' });
export const correlation = z.enum(['own-devices', 'all', 'none']).meta({
  description: 'Which devices this server hears of: those with an account at it, all, or none. Only for an own account of the gateway',
});
export const polling = z.union([z.enum(['always', 'never']), z.int().positive()]).meta({
  title: '"always", "never", or a positive whole number of milliseconds',
  description: 'When its server is asked for work: at each of its sessions, never, or at most every so many milliseconds',
});
/** How a device is told that a server wants a session with it. */
export const trigger = z
  .strictObject({
    by: z.enum(['none', 'udp', 'mqtt', 'poll']),
    port: z.int().min(1).max(65_535).optional().meta({ description: 'The UDP port that it listens on; 2948 if absent. Only with udp' }),
  })
  .refine(({ by, port }) => port === undefined || by === 'udp', { params: { allowed: 'a port only with udp' } })
  .meta({
    id: 'TriggerPolicy',
    description:
      'How it hears that a server wants a session: not at all (at its next session), by a datagram, by the broker, or when it asks (HTTP long-poll)',
  });
export const priority = z
  .int()
  .min(1)
  .max(1000)
  .meta({ description: 'Which server gets its session first when several are to have one: 1 before 2. Only for an account of a device' });
/** A node by its full name, without a question, a closing slash or a way up. */
const nodeUri = z
  .string()
  .max(maxAddressLength)
  .regex(/^\.(?:\/(?!\.{1,2}(?:\/|$))[^/?\p{Cc}]+)*$/u)
  .meta({ title: 'a node such as ./DevInfo; . is the root' });
const maxRules = 256;
export const rights = z
  .record(nodeUri, z.array(z.enum(rightCommands)).max(rightCommands.length))
  .refine((rules) => Object.keys(rules).length <= maxRules)
  .meta({
    title: `an object with at most ${maxRules} nodes, each with a list of commands`,
    description:
      'What the server may do, such as `{ "./DevInfo": ["Get"] }`: the entry of the node or of its nearest ancestor decides, without one it is refused (425). Absent: everything',
  });
export const triggerAddress = z
  .string()
  .max(maxAddressLength)
  .refine((value) => parseTriggerAddress(value) !== undefined)
  .meta({ title: triggerAddressForm, description: 'Where a trigger reaches it' });
export const origin = z
  .enum(['config', 'added'])
  .meta({ description: 'Where it was declared; what the configuration declares only the configuration removes' });
export const time = z.iso.datetime().meta({ description: 'ISO 8601, UTC' });
export const count = z.int().nonnegative();

function isServerAddress(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  return ['http:', 'https:'].includes(url.protocol) && url.username === '' && url.password === '' && url.hash === '';
}
