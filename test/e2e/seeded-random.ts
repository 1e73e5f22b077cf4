/** Whole numbers below an end, the same ones for the same seed. */
export function seededRandom(seed: number): (end: number) => number {
  let state = seed >>> 0;
  return (end) => {
    // A linear congruential generator with the constants of Numerical Recipes; its upper bits are good enough to spread moments.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * end);
  };
}
