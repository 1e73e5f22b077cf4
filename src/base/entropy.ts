import { randomFillSync, randomInt, randomUUID } from 'node:crypto';

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

/** Random bytes drawn in advance: asking for each few costs more than all else that becomes of them. */
const stock = Buffer.alloc(1_024);
let used = stock.length;

export const systemEntropy: Entropy = {
  nonce: () => draw(16, 'base64'),
  token: () => draw(24, 'base64url'),
  below: (end) => (end <= 1 ? 0 : randomInt(Math.min(Math.floor(end), 2 ** 47))),
  uuid: () => randomUUID(),
};

/** Random bytes as text; none is given twice, nor kept. */
function draw(bytes: number, encoding: 'base64' | 'base64url'): string {
  if (used + bytes > stock.length) {
    randomFillSync(stock);
    used = 0;
  }
  const text = stock.toString(encoding, used, used + bytes);
  stock.fill(0, used, used + bytes);
  used += bytes;
  return text;
}
