/** What stands in the place of a secret. */
const censor = '[secret]';

/** Names of fields that hold a secret, whatever their case and their `-` and `_`. */
const secretNames = [
  'password',
  'secret',
  'clientSecret',
  'serverSecret',
  'passphrase',
  'nonce',
  'nextNonce',
  'digest',
  'token',
  'privateKey',
  'cred',
  'credentials',
  'authorization',
  'proxyAuthorization',
  'cookie',
  'setCookie',
  'hmac',
  'xSyncmlHmac',
] as const;

const secretKeys = new Set(secretNames.map(normal));
const deepest = 8;

/**
 * A copy of log fields without their secrets, at any depth. Errors are left to their own serialiser, whose outcome is to pass here too.
 * User names and passwords are cut out of URLs, and of the address of an open session what makes it that one.
 */
export function redactSecrets(fields: Record<string, unknown>): Record<string, unknown> {
  return redactObject(fields, 0);
}

function redactObject(fields: object, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, secretKeys.has(normal(key)) ? censor : redactValue(value, depth + 1)]),
  );
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null || value instanceof Error) return value;
  // Bytes may be a message with its credentials in it.
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth > deepest) return '[too deep]';
  return Array.isArray(value) ? value.map((entry) => redactValue(entry, depth + 1)) : redactObject(value, depth);
}

function redactText(text: string): string {
  // Most texts have neither, and every line of the log comes by here.
  if (!text.includes('/')) return text;
  return text.replace(/(\b[a-z][a-z0-9+.-]*:\/\/)[^/?#\s@]+@/gi, `$1${censor}@`).replace(/\/s\/[\w-]{32}/g, `/s/${censor}`);
}

function normal(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, '');
}
