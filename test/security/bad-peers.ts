import { type Identity, makeIdentity } from './pki.js';

const day = 86_400_000;
/** What our side trusts. */
export const authority = makeIdentity({ ca: true });
const elsewhere = makeIdentity({ ca: true });

type Usage = 'server' | 'client';

/** What is wrong with a peer, OpenSSL's verdict, and its making. Node says UNSPECIFIED of a key or digest below the security level. */
export const badPeers: readonly (readonly [flaw: string, verdict: RegExp, make: (usage: Usage) => Identity])[] = [
  ['self-signed', /SELF_SIGNED/, (usage) => makeIdentity({ usage })],
  ['of an unknown authority', /UNABLE_TO/, (usage) => makeIdentity({ usage }, elsewhere)],
  ['expired', /CERT_HAS_EXPIRED/, (usage) => makeIdentity({ usage, to: new Date(Date.now() - day) }, authority)],
  ['not yet valid', /CERT_NOT_YET_VALID/, (usage) => makeIdentity({ usage, from: new Date(Date.now() + day) }, authority)],
  ['for another usage', /INVALID_PURPOSE|UNSUITABLE/i, () => makeIdentity({ usage: 'code' }, authority)],
  ['signed with SHA-1', /CA_MD_TOO_WEAK|UNSPECIFIED/, (usage) => makeIdentity({ usage, digest: 'sha1' }, authority)],
  ['with RSA-1024', /EE_KEY_TOO_SMALL|UNSPECIFIED/, (usage) => makeIdentity({ usage, bits: 1024 }, authority)],
  ['issued by a leaf', /INVALID_CA|INVALID_PURPOSE/, (usage) => below(usage, makeIdentity({ usage }, authority))],
  ['below an authority that expired', /CERT_HAS_EXPIRED/, (usage) => below(usage, branch({ to: new Date(Date.now() - day) }))],
  ['below an authority with RSA-1024', /CA_KEY_TOO_SMALL|UNSPECIFIED/, (usage) => below(usage, branch({ bits: 1024 }))],
  ['further below its authority than that may have others', /PATH_LENGTH|UNSPECIFIED|INVALID_CA/, tooFarBelow],
];

function branch(flaws: Parameters<typeof makeIdentity>[0], issuer = authority): Identity {
  return makeIdentity({ ca: true, ...flaws }, issuer);
}

/** Shows its whole chain, so that what is missing is never the reason. */
function below(usage: Usage, issuer: Identity): Identity {
  const identity = makeIdentity({ usage }, issuer);
  return { certificate: identity.certificate + issuer.certificate, key: identity.key };
}

function tooFarBelow(usage: Usage): Identity {
  const first = branch({ pathLength: 0 });
  const second = branch({}, first);
  const identity = below(usage, second);
  return { certificate: identity.certificate + first.certificate, key: identity.key };
}
