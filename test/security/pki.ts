import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import forge from 'node-forge';

/** An identity of the test's own public key infrastructure. */
export interface Identity {
  readonly certificate: string;
  readonly key: string;
}

export interface Flaws {
  readonly name?: string;
  readonly from?: Date;
  readonly to?: Date;
  readonly ca?: boolean;
  /** Of an authority: how many authorities may stand below it. */
  readonly pathLength?: number;
  /** The name stands in the CN alone, as it did long ago. */
  readonly withoutAltName?: boolean;
  readonly usage?: 'server' | 'client' | 'code';
  readonly digest?: 'sha1' | 'sha256';
  readonly bits?: 1024 | 2048;
}

const year = 365 * 86_400_000;
const keys = new Map<number, { publicKey: KeyObject; privateKey: KeyObject }>();

/** A certificate with whatever flaws a test wants; without an issuer it signs itself. All of one size share one key. */
export function makeIdentity(flaws: Flaws, issuer?: Identity): Identity {
  const { publicKey, privateKey } = keyPair(flaws.bits ?? 2048);
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey.export({ type: 'spki', format: 'pem' }).toString());
  certificate.serialNumber = `4${Math.floor(Math.random() * 1e15)
    .toString(16)
    .padStart(15, '0')}`;
  certificate.validity = { notBefore: flaws.from ?? new Date(Date.now() - year), notAfter: flaws.to ?? new Date(Date.now() + year) };
  const commonName = flaws.withoutAltName ? (flaws.name ?? 'localhost') : `Test ${certificate.serialNumber}`;
  certificate.setSubject([{ name: 'commonName', value: commonName }]);
  certificate.setIssuer(issuer ? forge.pki.certificateFromPem(issuer.certificate).subject.attributes : certificate.subject.attributes);
  certificate.setExtensions(extensions(flaws));
  signWith(certificate, issuer?.key ?? key, flaws.digest ?? 'sha256');
  return { certificate: forge.pki.certificateToPem(certificate), key };
}

function keyPair(bits: number) {
  const pair = keys.get(bits) ?? generateKeyPairSync('rsa', { modulusLength: bits });
  keys.set(bits, pair);
  return pair;
}

function extensions({ ca = false, pathLength, usage = 'server', name = 'localhost', withoutAltName = false }: Flaws): object[] {
  const length = pathLength === undefined ? {} : { pathLenConstraint: pathLength };
  const constraints = { name: 'basicConstraints', critical: true, cA: ca, ...length };
  if (ca) return [constraints, { name: 'keyUsage', critical: true, keyCertSign: true }];
  return [
    constraints,
    { name: 'extKeyUsage', serverAuth: usage === 'server', clientAuth: usage === 'client', codeSigning: usage === 'code' },
    ...(withoutAltName ? [] : [{ name: 'subjectAltName', altNames: [{ type: 2, value: name }] }]),
  ];
}

function signWith(certificate: forge.pki.Certificate, key: string, digest: 'sha1' | 'sha256'): void {
  const signer = {
    sign: () =>
      sign(digest, Buffer.from(forge.asn1.toDer(certificate.tbsCertificate as never).getBytes(), 'latin1'), key).toString('latin1'),
  };
  certificate.sign(signer as never, forge.md[digest].create());
}
