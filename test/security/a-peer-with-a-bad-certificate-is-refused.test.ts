import { describe, expect, it } from 'vitest';
import { clientTlsOptions, serverTlsOptions } from '#src/security/index.js';
import { handshake } from './handshake.js';
import { type Flaws, type Identity, makeIdentity } from './pki.js';

const day = 86_400_000;
const root = makeIdentity({ ca: true });
const elsewhere = makeIdentity({ ca: true });

/** A self-made server or client of the other side, and OpenSSL's verdict; Node says UNSPECIFIED of a key or digest below the security level. */
const bad: readonly (readonly [string, RegExp, (usage: 'server' | 'client') => Identity])[] = [
  ['self-signed', /SELF_SIGNED/, (usage) => makeIdentity({ usage })],
  ['of an unknown authority', /UNABLE_TO/, (usage) => makeIdentity({ usage }, elsewhere)],
  ['expired', /CERT_HAS_EXPIRED/, (usage) => makeIdentity({ usage, to: new Date(Date.now() - day) }, root)],
  ['not yet valid', /CERT_NOT_YET_VALID/, (usage) => makeIdentity({ usage, from: new Date(Date.now() + day) }, root)],
  ['for another usage', /INVALID_PURPOSE|UNSUITABLE/i, () => makeIdentity({ usage: 'code' }, root)],
  ['signed with SHA-1', /CA_MD_TOO_WEAK|UNSPECIFIED/, (usage) => makeIdentity({ usage, digest: 'sha1' }, root)],
  ['with RSA-1024', /EE_KEY_TOO_SMALL|UNSPECIFIED/, (usage) => makeIdentity({ usage, bits: 1024 }, root)],
  ['issued by a leaf', /INVALID_CA|INVALID_PURPOSE/, issuedByLeaf],
];

function issuedByLeaf(usage: 'server' | 'client'): Identity {
  const leaf = makeIdentity({ usage }, root);
  const below = makeIdentity({ usage }, leaf);
  return { certificate: below.certificate + leaf.certificate, key: below.key };
}

/** A peer of the other side takes anything itself: what refuses must be us. */
const careless = { ciphers: 'DEFAULT@SECLEVEL=0', rejectUnauthorized: false } as const;

function dial(server: Identity, flaws: { host?: string; protocol?: 'TLSv1.1' } = {}) {
  const protocol = flaws.protocol ? { minVersion: 'TLSv1' as const, maxVersion: flaws.protocol } : {};
  const options = clientTlsOptions({ trust: [root.certificate], systemRoots: false });
  return handshake(
    { ...careless, ...protocol, cert: server.certificate, key: server.key },
    { ...options, servername: flaws.host ?? 'localhost' },
  );
}

function serve(client: Identity, protocol: { minVersion?: 'TLSv1'; maxVersion?: 'TLSv1.1' } = {}) {
  const options = serverTlsOptions({ credentials: makeIdentity({}, root), clients: { trust: [root.certificate] } });
  return handshake(options, { ...careless, ...protocol, cert: client.certificate, key: client.key });
}

describe('as a client', () => {
  it('accepts a server with a good certificate', async () => {
    expect(await dial(makeIdentity({}, root))).toBe('accepted');
  });

  it.each(bad)('refuses a server whose certificate is %s', async (_flaw, reason, make) => {
    expect(await dial(make('server'))).toMatch(reason);
  });

  it('refuses a server certificate that is a client’s', async () => {
    expect(await dial(makeIdentity({ usage: 'client' }, root))).toMatch(/INVALID_PURPOSE/);
  });

  it('refuses a server of another name, and takes the name in any case', async () => {
    expect(await dial(makeIdentity({ name: 'other.example' }, root))).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
    expect(await dial(makeIdentity({}, root), { host: 'LOCALHOST' })).toBe('accepted');
  });

  it('refuses TLS 1.1', async () => {
    expect(await dial(makeIdentity({}, root), { protocol: 'TLSv1.1' })).toMatch(/PROTOCOL/);
  });

  it('trusts the well-known authorities only beside those it was given', async () => {
    const options = clientTlsOptions({ trust: [root.certificate] });
    const server = makeIdentity({}, root);
    expect(await handshake({ cert: server.certificate, key: server.key }, { ...options })).toBe('accepted');
  });
});

describe('as a server', () => {
  it('accepts a client with a good certificate', async () => {
    expect(await serve(makeIdentity({ usage: 'client' }, root))).toBe('accepted');
  });

  it.each(bad)('refuses a client whose certificate is %s', async (_flaw, reason, make) => {
    expect(await serve(make('client'))).toMatch(reason);
  });

  it('refuses a client certificate that is a server’s', async () => {
    expect(await serve(makeIdentity({ usage: 'server' }, root))).toMatch(/INVALID_PURPOSE/);
  });

  it('refuses TLS 1.1', async () => {
    expect(await serve(makeIdentity({ usage: 'client' }, root), { minVersion: 'TLSv1', maxVersion: 'TLSv1.1' })).toMatch(/PROTOCOL/);
  });
});

describe('before any peer', () => {
  const trusting = (flaws: Flaws) => () => clientTlsOptions({ trust: [makeIdentity(flaws).certificate] });

  it('refuses to trust what is no authority', () => {
    expect(trusting({})).toThrow(/not the certificate of an authority/);
  });

  it('refuses to trust an authority with a short key', () => {
    expect(trusting({ ca: true, bits: 1024 })).toThrow(/shorter than 2048/);
  });

  it('refuses to trust what is no certificate', () => {
    expect(() => clientTlsOptions({ trust: ['rubbish'] })).toThrow(/no PEM certificate/);
  });

  it('refuses a weak certificate of our own', () => {
    expect(() => serverTlsOptions({ credentials: makeIdentity({ bits: 1024 }, root) })).toThrow(/certificate of our own .*too small/);
  });
});
