import { formatChal, type Identity, type Scheme, verifyCred } from '../auth/index.js';
import type { Chal, Cred } from '../syncml/index.js';

/** Wrong or missing credentials after which a session is over. */
const maxFailures = 3;

/** What we demand of the peer, and how far it got. */
export interface PeerAuth {
  /** Absent: the transport has authenticated it, or nothing has to. */
  readonly policy?: { readonly scheme: Scheme; readonly identity: Identity };
  /** Base64; what its next credentials have to be made with. */
  readonly expected?: string;
  readonly accepted: boolean;
  readonly failures: number;
}

export function peerAuth(policy: PeerAuth['policy'], expected: string | undefined): PeerAuth {
  return {
    accepted: policy === undefined,
    failures: 0,
    ...(policy === undefined ? {} : { policy }),
    ...(expected === undefined ? {} : { expected }),
  };
}

export interface PeerVerdict {
  readonly auth: PeerAuth;
  readonly verdict: 'accepted' | 'challenged' | 'refused';
  /** Status for the peer's header. */
  readonly status: '200' | '212' | '401' | '407';
  readonly chal?: Chal;
  /** Replaces the stored nonce, which is thereby used up: to be durable before anything is answered. */
  readonly store?: string;
}

/**
 * Judges the credentials of a message.
 * A challenge's nonce lives in the session only: strangers cannot make us write.
 * @param fresh a new nonce, Base64
 */
export function checkPeer(auth: PeerAuth, cred: Cred | undefined, fresh: string): PeerVerdict {
  if (auth.policy === undefined) return { auth, verdict: 'accepted', status: '200' };
  if (auth.accepted) return { auth, verdict: 'accepted', status: '212' };
  const { scheme, identity } = auth.policy;
  if (cred !== undefined && verifyCred(cred, scheme, identity, auth.expected)) return accept(auth, scheme, fresh);
  const failed = { ...auth, failures: auth.failures + 1, expected: fresh };
  const status = cred === undefined ? '407' : '401';
  if (failed.failures >= maxFailures) return { auth: failed, verdict: 'refused', status };
  return { auth: failed, verdict: 'challenged', status, chal: formatChal(scheme, fresh) };
}

function accept(auth: PeerAuth, scheme: Scheme, fresh: string): PeerVerdict {
  const accepted: PeerVerdict = { auth: { ...auth, accepted: true, expected: fresh }, verdict: 'accepted', status: '212' };
  return scheme === 'md5' ? { ...accepted, chal: formatChal(scheme, fresh), store: fresh } : accepted;
}
