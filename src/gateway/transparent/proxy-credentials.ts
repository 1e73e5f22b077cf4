import { digestOf, sameSecret, secretDigest } from '#src/dm/auth/index.js';
import type { DeviceRecord } from '../ports.js';

/** The longest credentials that are looked at, in bytes. */
const longest = 1024;
/** A DevId has colons of its own, so a name may end at any of the first few. */
const mostColons = 16;

/** A name that credentials may be for, and the password that then remains. */
export interface Claim {
  readonly userName: string;
  readonly password: string;
}

/**
 * Every way to read Basic credentials as a name and a password: `urn:imei:1:secret` has three.
 * @see RFC 7617 § 2, which forbids the colon in names; DevIds, which devices use as names, are full of them
 */
export function claimsOf(authorization: string | undefined): Claim[] {
  const encoded = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined || encoded.length > longest) return [];
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const claims: Claim[] = [];
  for (let at = text.indexOf(':'); at >= 0 && claims.length < mostColons; at = text.indexOf(':', at + 1)) {
    claims.push({ userName: text.slice(0, at), password: text.slice(at + 1) });
  }
  return claims;
}

/** Whether a claim proves a device; the digest is the same under either scheme of the DM layer. */
export function proves({ userName, password }: Claim, { south }: DeviceRecord): boolean {
  if (south?.userName !== userName) return false;
  return sameSecret(secretDigest(userName, password), digestOf(south.clientSecret, userName));
}

/** The work of {@link proves} for nobody, so that a name that nobody has takes as long as a wrong password. */
export function provesNothing({ userName, password }: Claim): void {
  sameSecret(secretDigest(userName, password), nobody);
}

/** As long as any digest, and of nothing. */
const nobody = Buffer.alloc(16).toString('base64');
