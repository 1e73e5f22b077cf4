import { X509Certificate } from 'node:crypto';
import {
  checkServerIdentity,
  createSecureContext,
  DEFAULT_CIPHERS,
  type PeerCertificate,
  rootCertificates,
  type SecureContext,
  type SecureContextOptions,
} from 'node:tls';
import { type Clock, PosternError } from '#src/base/index.js';
import type { Credentials } from './local-ca.js';

export interface ServerTls {
  readonly credentials: Credentials;
  /** Ask every client for a certificate that one of these authorities (PEM) issued; absent: clients show none. */
  readonly clients?: { readonly trust: readonly string[] };
}

export interface ClientTls {
  /** Authorities (PEM) to trust besides the system's. */
  readonly trust?: readonly string[];
  /** Trust the well-known authorities too; default true. Without them only `trust` counts, which costs less memory. */
  readonly systemRoots?: boolean;
  /** Our own certificate, for a server that asks. */
  readonly credentials?: Credentials;
  /** A certificate has to be valid by this clock too; absent: by the system's alone, which may have been set back. */
  readonly clock?: Pick<Clock, 'now'>;
}

/** For `https.createServer` and `tls.createServer`. */
export interface ServerTlsOptions extends SecureContextOptions {
  readonly requestCert: boolean;
  readonly rejectUnauthorized: true;
}

/** For an `https.Agent` and `tls.connect`. */
export interface ClientTlsOptions {
  readonly secureContext: SecureContext;
  readonly rejectUnauthorized: true;
  readonly checkServerIdentity: (host: string, certificate: PeerCertificate) => Error | undefined;
}

/**
 * TLS 1.2 or later with our certificate; what is weak (RSA below 2048 bits, SHA-1) is refused on both sides.
 * @throws PosternError `security.certificate`
 */
export function serverTlsOptions({ credentials, clients }: ServerTls): ServerTlsOptions {
  const { certificate: cert, key } = credentials;
  const ca = clients && requireAuthorities(clients.trust);
  const options = { ...floor, cert, key, ...(ca ? { ca } : {}) };
  createContext(options);
  return { ...options, requestCert: clients !== undefined, rejectUnauthorized: true };
}

/**
 * TLS 1.2 or later; the server's certificate is verified and its name is checked, always. Make it once per trust, for the context
 * holds all authorities.
 * @throws PosternError `security.certificate`
 */
export function clientTlsOptions({ trust = [], systemRoots = true, credentials, clock }: ClientTls): ClientTlsOptions {
  const own = credentials ? { cert: credentials.certificate, key: credentials.key } : {};
  const ca = [...requireAuthorities(trust), ...(systemRoots ? rootCertificates : [])];
  const check = (host: string, certificate: PeerCertificate) =>
    checkName(host, certificate) ?? (clock && checkTime(certificate, clock.now()));
  return { secureContext: createContext({ ...floor, ...own, ca }), rejectUnauthorized: true, checkServerIdentity: check };
}

/** OpenSSL's level 2 is what refuses short keys and SHA-1 signatures, wherever they stand in a chain. */
const floor = { minVersion: 'TLSv1.2', ciphers: `${DEFAULT_CIPHERS}:@SECLEVEL=2` } as const;

/** Node's own check, said here so that no option of a caller's leaves it out; but Node takes a CN where there is no other name. @see RFC 9525 § 2 */
function checkName(host: string, certificate: PeerCertificate): Error | undefined {
  if (certificate.subjectaltname === undefined) {
    return Object.assign(new Error('the certificate names nobody in its subjectAltName'), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  }
  return checkServerIdentity(host.toLowerCase(), certificate);
}

/** OpenSSL has looked at the system's clock already, and so cannot be told of another. */
function checkTime({ valid_from, valid_to }: PeerCertificate, now: number): Error | undefined {
  const isValid = Date.parse(valid_from) <= now && now <= Date.parse(valid_to);
  return isValid
    ? undefined
    : Object.assign(new Error(`the certificate is valid from ${valid_from} to ${valid_to} only`), { code: 'CERT_HAS_EXPIRED' });
}

function createContext(options: SecureContextOptions): SecureContext {
  try {
    return createSecureContext(options);
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new PosternError('security.certificate', { which: 'of our own', problem }, { cause });
  }
}

/** A trusted end-entity certificate would be taken for an authority by some peers' chains: only authorities may be trusted. */
function requireAuthorities(trust: readonly string[]): string[] {
  return trust.flatMap(splitPem).map(requireAuthority);
}

function splitPem(bundle: string): string[] {
  const certificates = bundle.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  if (certificates === null) throw new PosternError('security.certificate', { which: 'to trust', problem: 'it holds no PEM certificate' });
  return certificates;
}

function requireAuthority(pem: string): string {
  const certificate = parseCertificate(pem);
  const refuse = (problem: string) => new PosternError('security.certificate', { which: `to trust (${certificate.subject})`, problem });
  if (!certificate.ca) throw refuse('it is not the certificate of an authority (basicConstraints CA)');
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = certificate.publicKey;
  if (type === 'rsa' && (details?.modulusLength ?? 0) < 2048) throw refuse('its RSA key is shorter than 2048 bits');
  return pem;
}

function parseCertificate(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw new PosternError('security.certificate', { which: 'to trust', problem: 'it cannot be read' }, { cause });
  }
}
