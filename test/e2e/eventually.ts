import { setTimeout as pause } from 'node:timers/promises';

const usualPatience = 60_000;

/**
 * Looks again until it is there: what two programs do between themselves nobody tells us.
 * @param patience milliseconds
 */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  patience = usualPatience,
): Promise<T> {
  const end = Date.now() + patience;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`${what}: not within ${patience / 1000} s`);
    await pause(25);
  }
}
