export const hour = 3_600_000;
const tenYears = 87_600 * hour;

/** What a wall clock does to those who trust it, and by how many milliseconds. */
export const clockJumps: readonly (readonly [string, number])[] = [
  ['an hour on', hour],
  ['an hour back', -hour],
  ['ten years on', tenYears],
  ['ten years back', -tenYears],
  ['to 1970', -Date.UTC(2026, 0, 1)],
];
