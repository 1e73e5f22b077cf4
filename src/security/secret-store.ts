import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PosternError } from '#src/base/index.js';
import { createPrivateFile, requireNotPublic, requirePrivateFile } from './private-file.js';

/**
 * Keeps secrets unreadable at rest: AES-256-GCM, a random 96-bit IV each time, bound to its place.
 * The sealed form is `p1.<key id>.` followed by IV, tag and ciphertext (Base64url in text). The context names where it is
 * kept (table, row, column), so that a sealed secret moved elsewhere does not open.
 */
export interface Sealer {
  /** Names the key without telling it: 8 hex digits. */
  readonly keyId: string;
  /** Whether whoever has the state directory alone is without the key. */
  readonly isKeptElsewhere: boolean;
  seal(plain: string, context: string): string;
  /** @throws PosternError `security.wrong-key`, `security.sealed-damaged` */
  open(sealed: string, context: string): string;
  sealBytes(plain: Uint8Array, context: string): Uint8Array;
  /** @throws PosternError `security.wrong-key`, `security.sealed-damaged` */
  openBytes(sealed: Uint8Array, context: string): Uint8Array;
}

export interface KeyPlace {
  /** The state directory; its file `key` is made once where no other key is given. */
  readonly directory: string;
  /** `POSTERN_KEY_FILE`, else `$CREDENTIALS_DIRECTORY/postern.key` (systemd), names a key kept elsewhere. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The sealer of this installation: its key from outside, or made on first start.
 * @throws PosternError `security.key-file`, `security.file-exposed`
 */
export function loadSealer(place: KeyPlace): Sealer {
  const given = givenKey(place);
  return given === undefined ? createSealer(ownKey(join(place.directory, 'key'))) : createSealer(given, { isKeptElsewhere: true });
}

/** @param key 32 bytes */
export function createSealer(key: Uint8Array, { isKeptElsewhere = false } = {}): Sealer {
  return new AesSealer(key, isKeptElsewhere);
}

const keyBytes = 32;
const ivBytes = 12;
const tagBytes = 16;
const version = 'p1';

class AesSealer implements Sealer {
  readonly keyId: string;
  readonly isKeptElsewhere: boolean;
  readonly #key: Uint8Array;
  readonly #header: string;

  constructor(key: Uint8Array, isKeptElsewhere: boolean) {
    this.#key = key;
    this.isKeptElsewhere = isKeptElsewhere;
    this.keyId = createHash('sha256').update('postern key id').update(key).digest('hex').slice(0, 8);
    this.#header = `${version}.${this.keyId}.`;
  }

  seal(plain: string, context: string): string {
    return this.#header + this.#encrypt(Buffer.from(plain), context).toString('base64url');
  }

  open(sealed: string, context: string): string {
    const body = sealed.slice(this.#bodyStart(sealed, context));
    return this.#decrypt(Buffer.from(body, 'base64url'), context).toString();
  }

  sealBytes(plain: Uint8Array, context: string): Uint8Array {
    return Buffer.concat([Buffer.from(this.#header), this.#encrypt(plain, context)]);
  }

  openBytes(sealed: Uint8Array, context: string): Uint8Array {
    const header = Buffer.from(sealed.subarray(0, this.#header.length)).toString('latin1');
    return this.#decrypt(sealed.subarray(this.#bodyStart(header, context)), context);
  }

  /** Where the body begins, once the header says that it is ours. */
  #bodyStart(sealed: string, context: string): number {
    if (sealed.startsWith(this.#header)) return this.#header.length;
    const other = /^p1\.([0-9a-f]{8})\./.exec(sealed)?.[1];
    if (other === undefined) throw new PosternError('security.sealed-damaged', { context });
    throw new PosternError('security.wrong-key', { context, sealed: other, present: this.keyId });
  }

  #encrypt(plain: Uint8Array, context: string): Buffer {
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv, { authTagLength: tagBytes });
    cipher.setAAD(Buffer.from(this.#header + context));
    const body = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), body]);
  }

  #decrypt(sealed: Uint8Array, context: string): Buffer {
    if (sealed.length < ivBytes + tagBytes) throw new PosternError('security.sealed-damaged', { context });
    const decipher = createDecipheriv('aes-256-gcm', this.#key, sealed.subarray(0, ivBytes), { authTagLength: tagBytes });
    decipher.setAAD(Buffer.from(this.#header + context));
    decipher.setAuthTag(sealed.subarray(ivBytes, ivBytes + tagBytes));
    const body = decipher.update(sealed.subarray(ivBytes + tagBytes));
    try {
      return Buffer.concat([body, decipher.final()]);
    } catch (cause) {
      throw new PosternError('security.sealed-damaged', { context }, { cause });
    }
  }
}

function givenKey({ env }: KeyPlace): Uint8Array | undefined {
  const named = env['POSTERN_KEY_FILE'];
  if (named !== undefined && named !== '') return readGivenKey(named, requirePrivateFile);
  const credentials = env['CREDENTIALS_DIRECTORY'];
  const credential = credentials && join(credentials, 'postern.key');
  if (!credential || !existsSync(credential)) return undefined;
  // systemd lets the service in by an access list, which shows as a readable group (0440).
  return readGivenKey(credential, requireNotPublic);
}

function readGivenKey(file: string, guard: (file: string) => void): Uint8Array {
  if (!existsSync(file)) throw new PosternError('security.key-file', { file, problem: 'it does not exist' });
  guard(file);
  return readKey(file);
}

function ownKey(file: string): Uint8Array {
  if (!existsSync(file)) createPrivateFile(file, randomBytes(keyBytes));
  requirePrivateFile(file);
  return readKey(file);
}

function readKey(file: string): Uint8Array {
  const content = readFileSync(file);
  if (content.length === keyBytes) return content;
  const text = content.toString('latin1').trim();
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  const problem = `it has ${content.length} bytes, but a key is 32 random bytes or 64 hexadecimal digits`;
  throw new PosternError('security.key-file', { file, problem });
}
