import type { Chal, Cred } from '../syncml/index.js';
import { basicCredential, digestOf, md5Credential, type Scheme, type Secret, sameSecret, secretDigest } from './secret.js';

/** The names of the schemes on the wire. @see OMA DM Security 1.2 § 5 */
const schemeTypes = { basic: 'syncml:auth-basic', md5: 'syncml:auth-md5' } as const satisfies Record<Scheme, string>;

/** A name with its proof. */
export interface Identity {
  readonly userName: string;
  readonly secret: Secret;
}

/** The scheme of a Cred or Chal; undefined where it is none of ours. A missing Type means basic. */
export function schemeOf(meta: { readonly Type?: string } | undefined): Scheme | undefined {
  const type = (meta?.Type ?? schemeTypes.basic).toLowerCase();
  return (Object.keys(schemeTypes) as Scheme[]).find((scheme) => schemeTypes[scheme] === type);
}

/** Our credentials for a message; undefined where they cannot be made yet (MD5 without a nonce, basic without the password). */
export function formatCred(scheme: Scheme, identity: Identity, nonce: string | undefined): Cred | undefined {
  const data = credentialData(scheme, identity, nonce);
  return data === undefined ? undefined : { Meta: { Format: 'b64', Type: schemeTypes[scheme] }, Data: data };
}

function credentialData(scheme: Scheme, { userName, secret }: Identity, nonce: string | undefined): string | undefined {
  if (scheme === 'md5') return nonce === undefined ? undefined : md5Credential(digestOf(secret, userName), nonce);
  return secret.kind === 'password' ? basicCredential(userName, secret.value) : undefined;
}

/** Whether a peer's Cred proves its identity under the scheme we ask for. */
export function verifyCred(cred: Cred, scheme: Scheme, identity: Identity, nonce: string | undefined): boolean {
  if (schemeOf(cred.Meta) !== scheme) return false;
  return scheme === 'md5' ? verifyMd5(cred, identity, nonce) : verifyBasic(cred, identity);
}

function verifyMd5(cred: Cred, { userName, secret }: Identity, nonce: string | undefined): boolean {
  return nonce !== undefined && sameSecret(cred.Data, md5Credential(digestOf(secret, userName), nonce));
}

function verifyBasic(cred: Cred, { userName, secret }: Identity): boolean {
  const text = Buffer.from(cred.Data, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0) return false;
  const given = secretDigest(text.slice(0, colon), text.slice(colon + 1));
  return sameSecret(given, digestOf(secret, userName));
}

/** Asks the peer for credentials. @param nonce Base64; only MD5 carries one. */
export function formatChal(scheme: Scheme, nonce: string): Chal {
  const type = schemeTypes[scheme];
  return { Meta: scheme === 'md5' ? { Format: 'b64', Type: type, NextNonce: nonce } : { Format: 'b64', Type: type } };
}
