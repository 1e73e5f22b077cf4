/** Shorter than this is never slow: a collection of garbage alone takes as long. In milliseconds. */
const leastLimit = 5;
const mostLimit = 100;
const perMebibyte = 50;
const repeats = 20;

/** How long an input of so many bytes may take, in milliseconds. */
export function timeLimit(bytes: number): number {
  return Math.min(mostLimit, Math.max(leastLimit, (perMebibyte * bytes) / 2 ** 20));
}

/**
 * The time of an input that took too long once, in milliseconds: the shortest of twenty more. Undefined: it was not the input, but the
 * machine, that was slow.
 */
export async function slowness(bytes: number, run: () => Promise<number>): Promise<number | undefined> {
  let shortest = Number.POSITIVE_INFINITY;
  for (let round = 0; round < repeats && shortest > timeLimit(bytes); round += 1) shortest = Math.min(shortest, await run());
  return shortest > timeLimit(bytes) ? shortest : undefined;
}
