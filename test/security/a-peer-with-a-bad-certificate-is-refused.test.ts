import { describe, expect, it } from 'vitest';
import { clientTlsOptions, serverTlsOptions } from '#src/security/index.js';
import { authority, badPeers } from './bad-peers.js';
import { handshake } from './handshake.js';
import { type Flaws, type Identity, makeIdentity } from './pki.js';

const root = authority;

/** A peer of the other side takes anything itself: what refuses must be us. */
const careless = { ciphers: 'DEFAULT@SECLEVEL=0', rejectUnauthorized: false } as const;

function dial(server: Identity, flaws: { host?: string; protocol?: 'TLSv1' | 'TLSv1.1' } = {}) {
  const protocol = flaws.protocol ? { minVersion: 'TLSv1' as const, maxVersion: flaws.protocol } : {};
  const options = clientTlsOptions({ trust: [root.certificate], systemRoots: false });
  return handshake(
    { ...careless, ...protocol, cert: server.certificate, key: server.key },
    { ...options, servername: flaws.host ?? 'localhost' },
  );
}

function serve(
  client: Identity | undefined,
  further: { minVersion?: 'TLSv1'; maxVersion?: 'TLSv1' | 'TLSv1.1'; servername?: string } = {},
) {
  const options = serverTlsOptions({ credentials: makeIdentity({}, root), clients: { trust: [root.certificate] } });
  const shown = client === undefined ? {} : { cert: client.certificate, key: client.key };
  return handshake(options, { ...careless, ...further, ...shown });
}

describe('as a client', () => {
  it('accepts a server with a good certificate', async () => {
    expect(await dial(makeIdentity({}, root))).toBe('accepted');
  });

  it.each(badPeers)('refuses a server whose certificate is %s', async (_flaw, reason, make) => {
    expect(await dial(make('server'))).toMatch(reason);
  });

  it('refuses a server certificate that is a client’s', async () => {
    expect(await dial(makeIdentity({ usage: 'client' }, root))).toMatch(/INVALID_PURPOSE/);
  });

  it('refuses a server of another name, and takes the name in any case', async () => {
    expect(await dial(makeIdentity({ name: 'other.example' }, root))).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
    expect(await dial(makeIdentity({}, root), { host: 'LOCALHOST' })).toBe('accepted');
  });

  it.each(['TLSv1', 'TLSv1.1'] as const)('refuses %s', async (protocol) => {
    expect(await dial(makeIdentity({}, root), { protocol })).toMatch(/PROTOCOL/);
  });

  it('refuses a server whose name stands in the CN alone', async () => {
    expect(await dial(makeIdentity({ withoutAltName: true }, root))).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
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

  it.each(badPeers)('refuses a client whose certificate is %s', async (_flaw, reason, make) => {
    expect(await serve(make('client'))).toMatch(reason);
  });

  it('refuses a client certificate that is a server’s', async () => {
    expect(await serve(makeIdentity({ usage: 'server' }, root))).toMatch(/INVALID_PURPOSE/);
  });

  it.each(['TLSv1', 'TLSv1.1'] as const)('refuses %s', async (maxVersion) => {
    expect(await serve(makeIdentity({ usage: 'client' }, root), { minVersion: 'TLSv1', maxVersion })).toMatch(/PROTOCOL/);
  });

  it.each(['localhost', 'LOCALHOST', 'LocalHost', 'other.example'])('asks whoever calls us %s for a certificate', async (servername) => {
    expect(await serve(undefined, { servername })).toMatch(/CERTIFICATE_REQUIRED|PEER_DID_NOT_RETURN/);
    expect(await serve(makeIdentity({ usage: 'client' }), { servername })).toMatch(/SELF_SIGNED/);
    expect(await serve(makeIdentity({ usage: 'client' }, root), { servername })).toBe('accepted');
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
