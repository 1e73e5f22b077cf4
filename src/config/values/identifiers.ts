import { z } from 'zod';
import { ofKind } from './setting.js';

/**
 * The identifier of a DM server. Access control lists join them with `+` and end them with `&`, so those cannot be in one.
 * @see OMA DM TND 1.2 § 7.7.1 (ACL)
 */
export function serverIdentifier() {
  const schema = z
    .string()
    .regex(/^[^\s\p{Cc}=&*+]+$/u)
    .refine((text) => Buffer.byteLength(text) <= 23);
  return ofKind(schema, { type: 'server id', allowed: '1 to 23 bytes without = & * + or a space' });
}

/** The DevId of a device, which it has from its maker and not from us. */
export function deviceIdentifier() {
  // `gateway` is what owns the gateway's own accounts.
  const schema = z.string().regex(/^(?!gateway$)[\x21-\x7e]{1,128}$/);
  return ofKind(schema, {
    type: 'DevId',
    allowed: '1 to 128 printable ASCII characters without spaces, such as urn:imei:490154203237518, and not `gateway`',
  });
}
