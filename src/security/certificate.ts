import { type KeyObject, randomBytes, sign } from 'node:crypto';
import type { pki } from 'node-forge';

/** What a certificate is for: a CA's signs others, the rest speak TLS. */
export type CertificateUsage = 'ca' | 'server' | 'client';

export interface CertificatePlan {
  readonly commonName: string;
  readonly usage: CertificateUsage;
  /** Host names for the SubjectAltName. */
  readonly names: readonly string[];
  /** IP addresses for the SubjectAltName. */
  readonly addresses: readonly string[];
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Of the subject; RSA, since node-forge reads no other. */
  readonly publicKey: KeyObject;
  /** Who signs; absent: it signs itself. */
  readonly issuer?: { readonly certificate: string };
  readonly signingKey: KeyObject;
}

/**
 * Builds an X.509 v3 certificate, PEM: node-forge writes it, node:crypto signs it (SHA-256). node-forge is loaded here, and only
 * here, because it costs 10 MiB that a gateway with its certificates made does not need.
 * @see RFC 5280 § 4
 */
export async function buildCertificate(plan: CertificatePlan): Promise<string> {
  const { default: forge } = await import('node-forge');
  const certificate = forge.pki.createCertificate();
  const issuer = plan.issuer ? forge.pki.certificateFromPem(plan.issuer.certificate) : certificate;
  certificate.publicKey = forge.pki.publicKeyFromPem(plan.publicKey.export({ type: 'spki', format: 'pem' }).toString());
  certificate.serialNumber = randomSerial();
  certificate.validity = { notBefore: plan.notBefore, notAfter: plan.notAfter };
  certificate.setSubject([{ name: 'commonName', value: plan.commonName, valueTagClass: forge.asn1.Type.UTF8 as unknown as never }]);
  certificate.setIssuer(issuer.subject.attributes);
  certificate.setExtensions([...extensions(plan), keyIdentifier(issuer)]);
  certificate.sign(nodeSigner(certificate, plan.signingKey, forge), forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate);
}

/** 128 bits, positive and without a leading zero byte. */
function randomSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

function extensions(plan: CertificatePlan): object[] {
  const ca = plan.usage === 'ca';
  const constraints = { name: 'basicConstraints', critical: true, cA: ca, ...(ca ? { pathLenConstraint: 0 } : {}) };
  const common = [constraints, { name: 'subjectKeyIdentifier' }];
  if (ca) return [...common, { name: 'keyUsage', critical: true, keyCertSign: true, cRLSign: true }];
  return [
    ...common,
    { name: 'keyUsage', critical: true, digitalSignature: true, keyEncipherment: true },
    { name: 'extKeyUsage', serverAuth: plan.usage === 'server', clientAuth: plan.usage === 'client' },
    { name: 'subjectAltName', altNames: alternativeNames(plan) },
  ];
}

function alternativeNames({ names, addresses }: CertificatePlan): object[] {
  return [...names.map((value) => ({ type: 2, value })), ...addresses.map((ip) => ({ type: 7, ip }))];
}

function keyIdentifier(issuer: pki.Certificate): object {
  return { name: 'authorityKeyIdentifier', keyIdentifier: issuer.generateSubjectKeyIdentifier().getBytes() };
}

/** forge asks its key only to `sign`, with a digest; we sign what the digest is of, which forge has written by then. */
function nodeSigner(certificate: pki.Certificate, key: KeyObject, forge: typeof import('node-forge')): pki.rsa.PrivateKey {
  const signer = {
    sign: () => {
      const der = forge.asn1.toDer(certificate.tbsCertificate as never).getBytes();
      return sign('sha256', Buffer.from(der, 'latin1'), key).toString('latin1');
    },
  };
  return signer as unknown as pki.rsa.PrivateKey;
}
