import { setTimeout as pause } from 'node:timers/promises';

/** How long anything may take, in milliseconds. */
export const patience = 30_000;

const betweenLooks = 100;

/** Looks again until it is there: what two programs do between themselves nobody tells us. */
export async function eventually<T>(look: () => Promise<T | undefined>): Promise<T | undefined> {
  const end = Date.now() + patience;
  for (;;) {
    const found = await look();
    if (found !== undefined || Date.now() > end) return found;
    await pause(betweenLooks);
  }
}
