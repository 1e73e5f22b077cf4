import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject, randomBytes, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { domainToASCII } from 'node:url';
import { promisify } from 'node:util';
import { type Clock, isPosternError, PosternError } from '#src/base/index.js';
import { buildCertificate, type CertificatePlan } from './certificate.js';
import { writePrivateFile } from './private-file.js';
import { readPrivateKey, writePrivateKey } from './private-key-file.js';
import type { Sealer } from './secret-store.js';

/** A certificate and its private key, both PEM. */
export interface Credentials {
  readonly certificate: string;
  readonly key: string;
}

export interface CertificateRequest {
  /** Host names, `*.` allowed in front. At least one of names and addresses. */
  readonly names: readonly string[];
  readonly addresses: readonly string[];
  readonly usage: 'server' | 'client';
  /** From now on; never longer than the CA itself. */
  readonly days: number;
}

/** The certificate authority of this installation. Its key stays in the state directory. */
export interface LocalCa {
  /** What others are to trust, PEM. */
  readonly certificate: string;
  /** @throws PosternError `security.name`, `security.local-ca` when the CA has expired */
  issue(request: CertificateRequest): Promise<Credentials>;
}

export interface CaPlace {
  readonly directory: string;
  readonly clock: Clock;
  /** Seals the private keys where its own key is kept elsewhere; absent: they stay as they are. */
  readonly sealer?: Sealer | undefined;
}

export interface ServerCredentialsPlace extends CaPlace {
  /** Host names and IP addresses under which peers reach us. */
  readonly names: readonly string[];
}

/**
 * The local CA: `ca.pem` and `ca.key` in the directory, made on first start.
 * @throws PosternError `security.local-ca`, `security.file-exposed`
 */
export async function openLocalCa({ directory, clock, sealer }: CaPlace): Promise<LocalCa> {
  const files = pairIn({ directory, sealer }, 'ca');
  if (!existsSync(files.certificate)) await makeCa(files, clock);
  const { certificate, key } = readCa(files, directory);
  return { certificate: certificate.toString(), issue: (request) => issue({ certificate, key, directory, clock }, request) };
}

/**
 * The server certificate of this installation (`server.pem`, `server.key`), issued by the local CA. The stored one serves while it
 * covers the names and is in the first half of its life.
 * @throws PosternError as `openLocalCa` and `LocalCa.issue`
 */
export async function serverCredentials({ directory, names, clock, sealer }: ServerCredentialsPlace): Promise<Credentials> {
  const ca = await openLocalCa({ directory, clock, sealer });
  const files = pairIn({ directory, sealer }, 'server');
  const stored = readStored(files, new X509Certificate(ca.certificate));
  if (stored && covers(stored.x509, names) && isYoung(stored.x509, clock)) return stored.credentials;
  const addresses = names.filter((name) => isIP(name) !== 0);
  const hosts = names.filter((name) => isIP(name) === 0);
  const issued = await ca.issue({ names: hosts, addresses, usage: 'server', days: 365 });
  storePair(files, issued);
  return issued;
}

const day = 86_400_000;
const caDays = 20 * 365;
/** A router without a battery starts in 1970: until its clock is set, certificates begin here. */
const earliestClock = Date.UTC(2025, 0, 1);

/** Two files, and what seals the key's. */
interface Pair {
  readonly certificate: string;
  readonly key: string;
  readonly sealer: Sealer | undefined;
}

interface Issuer {
  readonly certificate: X509Certificate;
  readonly key: KeyObject;
  readonly directory: string;
  readonly clock: Clock;
}

function pairIn({ directory, sealer }: Pick<CaPlace, 'directory' | 'sealer'>, name: string): Pair {
  return { certificate: join(directory, `${name}.pem`), key: join(directory, `${name}.key`), sealer };
}

async function makeCa(files: Pair, clock: Clock): Promise<void> {
  // A start that was cut off between the two files has left its key: it serves.
  const key = existsSync(files.key) ? createPrivateKey(readPrivateKey(files.key, files.sealer)) : await generateKey();
  const now = trustedNow(clock);
  const certificate = await buildCertificate({
    commonName: `Postern local CA ${randomBytes(4).toString('hex')}`,
    usage: 'ca',
    names: [],
    addresses: [],
    notBefore: new Date(now - day),
    notAfter: new Date(now + caDays * day),
    publicKey: createPublicKey(key),
    signingKey: key,
  });
  storePair(files, { certificate, key: exportKey(key) });
}

function readCa(files: Pair, directory: string): { certificate: X509Certificate; key: KeyObject } {
  if (!existsSync(files.key)) refuseCa(directory, 'ca.pem is there but ca.key is not; put it back, or remove ca.pem to make a new one');
  const certificate = parse(() => new X509Certificate(readFileSync(files.certificate)), directory, 'ca.pem');
  const key = parse(() => createPrivateKey(readPrivateKey(files.key, files.sealer)), directory, 'ca.key');
  if (!certificate.checkPrivateKey(key)) refuseCa(directory, 'ca.key does not belong to ca.pem');
  if (!certificate.ca) refuseCa(directory, 'ca.pem is not the certificate of an authority');
  return { certificate, key };
}

async function issue(issuer: Issuer, request: CertificateRequest): Promise<Credentials> {
  const key = await generateKey();
  const plan = planFor(issuer, request, key);
  const certificate = await buildCertificate(plan);
  requireIssued(new X509Certificate(certificate), issuer.certificate);
  return { certificate, key: exportKey(key) };
}

function planFor(
  { certificate: ca, key: signingKey, directory, clock }: Issuer,
  request: CertificateRequest,
  key: KeyObject,
): CertificatePlan {
  const names = request.names.map(normalName);
  const addresses = request.addresses.map(requireAddress);
  const commonName = names[0] ?? addresses[0];
  if (commonName === undefined) throw new PosternError('security.name', { name: 'Nothing' });
  const now = trustedNow(clock);
  const end = Date.parse(ca.validTo);
  if (end <= now)
    refuseCa(directory, `it expired on ${ca.validTo}; remove ca.pem and ca.key to make a new one, and give it to the devices`);
  return {
    commonName: commonName.slice(0, 64),
    usage: request.usage,
    names,
    addresses,
    notBefore: new Date(now - day),
    notAfter: new Date(Math.min(now + request.days * day, end)),
    publicKey: createPublicKey(key),
    issuer: { certificate: ca.toString() },
    signingKey,
  };
}

/** What node-forge wrote is believed only once node:crypto has read and verified it. */
function requireIssued(certificate: X509Certificate, ca: X509Certificate): void {
  if (!isIssued(certificate, ca)) throw new Error('The certificate that was just built does not verify.');
}

function isIssued(certificate: X509Certificate, ca: X509Certificate): boolean {
  return certificate.checkIssued(ca) && certificate.verify(ca.publicKey) && !certificate.ca;
}

function readStored(files: Pair, ca: X509Certificate): { x509: X509Certificate; credentials: Credentials } | undefined {
  if (!existsSync(files.certificate) || !existsSync(files.key)) return undefined;
  try {
    const credentials = { certificate: readFileSync(files.certificate, 'utf8'), key: readPrivateKey(files.key, files.sealer) };
    const x509 = new X509Certificate(credentials.certificate);
    const sound = isIssued(x509, ca) && x509.checkPrivateKey(createPrivateKey(credentials.key));
    return sound ? { x509, credentials } : undefined;
  } catch (error) {
    if (isOperators(error)) throw error;
    // Unreadable is as good as missing: it is issued again.
    return undefined;
  }
}

function covers(certificate: X509Certificate, names: readonly string[]): boolean {
  const listed = new Set((certificate.subjectAltName ?? '').split(', '));
  return names.every((name) => (isIP(name) ? certificate.checkIP(name) !== undefined : listed.has(`DNS:${normalName(name)}`)));
}

function isYoung(certificate: X509Certificate, clock: Clock): boolean {
  const from = Date.parse(certificate.validFrom);
  const to = Date.parse(certificate.validTo);
  const now = trustedNow(clock);
  return from <= now && now < (from + to) / 2;
}

/** Lower case, for a peer may compare them letter by letter; international names as they go over the wire. */
function normalName(name: string): string {
  const wildcard = name.startsWith('*.') ? '*.' : '';
  const ascii = domainToASCII(name.slice(wildcard.length)).toLowerCase();
  if (!/^[a-z0-9_]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9])?)*$/.test(ascii))
    throw new PosternError('security.name', { name });
  return wildcard + ascii;
}

function requireAddress(address: string): string {
  if (isIP(address) === 0) throw new PosternError('security.name', { name: address });
  return address;
}

function trustedNow(clock: Clock): number {
  return Math.max(clock.now(), earliestClock);
}

async function generateKey(): Promise<KeyObject> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return privateKey;
}

function exportKey(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** The key first: a certificate without its key is of no use, a key without its certificate is. */
function storePair(files: Pair, { certificate, key }: Credentials): void {
  writePrivateKey(files.key, key, files.sealer);
  writePrivateFile(files.certificate, certificate);
}

function parse<T>(read: () => T, directory: string, name: string): T {
  try {
    return read();
  } catch (cause) {
    if (isOperators(cause)) throw cause;
    throw new PosternError('security.local-ca', { directory, problem: `${name} is not readable as PEM` }, { cause });
  }
}

/** A file that others can read, or a key that is not the one that sealed: to be put right, not to be made anew. */
function isOperators(error: unknown): boolean {
  return isPosternError(error, 'security.file-exposed') || isPosternError(error, 'security.wrong-key');
}

function refuseCa(directory: string, problem: string): never {
  throw new PosternError('security.local-ca', { directory, problem });
}
