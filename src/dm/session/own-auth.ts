import { formatCred, type Identity, type Scheme, schemeOf } from '../auth/index.js';
import type { Chal, Cred, Status } from '../syncml/index.js';

/** How often one session answers a challenge before it gives up. */
const maxTries = 2;

/** How we prove ourselves to the peer. */
export interface OwnAuth {
  readonly scheme: Scheme;
  readonly identity: Identity;
  /** Base64; the nonce for the next credentials. */
  readonly nonce?: string;
  /** 212: good for the session. */
  readonly established: boolean;
  /** Challenges answered. */
  readonly tries: number;
}

export function ownAuth(scheme: Scheme, identity: Identity, nonce: string | undefined): OwnAuth {
  return { scheme, identity, established: false, tries: 0, ...(nonce === undefined ? {} : { nonce }) };
}

/** The Cred of the next message, if it needs and can have one. */
export function nextCred(auth: OwnAuth | undefined): Cred | undefined {
  if (auth === undefined || auth.established) return undefined;
  return formatCred(auth.scheme, auth.identity, auth.nonce);
}

/** What the peer's Status for our header means. */
export interface HeaderVerdict {
  readonly auth: OwnAuth | undefined;
  readonly verdict: 'good' | 'retry' | 'refused';
  /** A nonce that the peer handed over for the next credentials. */
  readonly nonce?: string;
}

/** @see OMA DM Security 1.2 § 5.1: 212 holds for the session, 200 for one message, 401 and 407 ask again */
export function readHeaderStatus(auth: OwnAuth | undefined, status: Status): HeaderVerdict {
  const nonce = status.Chal?.Meta.NextNonce;
  const known = nonce === undefined ? {} : { nonce };
  if (status.Data === '212' || status.Data === '200') {
    const established = auth?.established === true || status.Data === '212';
    return { auth: auth && { ...auth, ...known, established }, verdict: 'good', ...known };
  }
  if ((status.Data === '401' || status.Data === '407') && auth !== undefined && canAnswer(auth, status.Chal)) {
    return { auth: { ...auth, ...known, established: false, tries: auth.tries + 1 }, verdict: 'retry', ...known };
  }
  return { auth, verdict: 'refused' };
}

function canAnswer(auth: OwnAuth, chal: Chal | undefined): boolean {
  if (chal === undefined || auth.tries >= maxTries || schemeOf(chal.Meta) !== auth.scheme) return false;
  const nonce = chal.Meta.NextNonce ?? auth.nonce;
  return formatCred(auth.scheme, auth.identity, nonce) !== undefined;
}
