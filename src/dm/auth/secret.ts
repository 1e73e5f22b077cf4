import { hash, timingSafeEqual } from 'node:crypto';

/** An authentication scheme of the DM layer. */
export type Scheme = 'basic' | 'md5';

/**
 * What proves a name: the password, or, where the scheme allows, only B64(MD5(user:password)), from which the password
 * cannot be read.
 */
export type Secret = { readonly kind: 'digest'; readonly value: string } | { readonly kind: 'password'; readonly value: string };

const md5 = (data: string | Uint8Array): string => hash('md5', data, 'base64');

/**
 * B64(H(user:password)), H being MD5.
 * @see OMA DM Security 1.2 § 5.3
 */
export function secretDigest(userName: string, password: string): string {
  return md5(`${userName}:${password}`);
}

/** The secret to keep: the digest, unless we ourselves must send the password (basic). */
export function keptSecret(scheme: Scheme, userName: string, password: string, sends: boolean): Secret {
  return scheme === 'basic' && sends ? { kind: 'password', value: password } : { kind: 'digest', value: secretDigest(userName, password) };
}

/** The digest form of a secret. */
export function digestOf(secret: Secret, userName: string): string {
  return secret.kind === 'digest' ? secret.value : secretDigest(userName, secret.value);
}

/**
 * The MD5 credential: B64(H(B64(H(user:password)) ":" nonce)).
 * @param nonce Base64, as NextNonce carries it
 * @see OMA DM Security 1.2 § 5.3
 */
export function md5Credential(digest: string, nonce: string): string {
  return md5(Buffer.concat([Buffer.from(`${digest}:`), Buffer.from(nonce, 'base64')]));
}

/** B64(user:password). @see OMA DM Security 1.2 § 5.2 */
export function basicCredential(userName: string, password: string): string {
  return Buffer.from(`${userName}:${password}`).toString('base64');
}

/** Compares without telling by its duration where the two differ; only that their lengths do. All digests are of one length. */
export function sameSecret(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}
