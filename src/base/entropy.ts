import { randomBytes, randomInt, randomUUID } from 'node:crypto';

/** Everything that has to be unpredictable; tests inject one that repeats. */
export interface Entropy {
  /** 128 random bits, Base64: a nonce. */
  nonce(): string;
  /** 192 random bits, URL-safe: a name that cannot be guessed. */
  token(): string;
  /** A whole number from 0 up to, not including, `end`. For jitter and session ids. */
  below(end: number): number;
  uuid(): string;
}

export const systemEntropy: Entropy = {
  nonce: () => randomBytes(16).toString('base64'),
  token: () => randomBytes(24).toString('base64url'),
  below: (end) => (end <= 1 ? 0 : randomInt(Math.min(Math.floor(end), 2 ** 47))),
  uuid: () => randomUUID(),
};
