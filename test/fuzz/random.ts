/** Whole numbers below an end, the same ones for the same seed, name and index: any input of a run can be made again alone. */
export type Random = (end: number) => number;

export function randomOf(seed: number, name: string, index: number): Random {
  let state = mixed(mixed(seed ^ hashOf(name)) + index);
  return (end) => {
    // Weyl sequence and mixer: fast, and good enough to choose by.
    state = (state + 0x9e3779b9) >>> 0;
    return Math.floor((mixed(state) / 2 ** 32) * end);
  };
}

/** One of some; there has to be one. */
export function oneOf<T>(random: Random, choices: readonly T[]): T {
  return choices[random(choices.length)] as T;
}

function mixed(value: number): number {
  const once = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return (twice ^ (twice >>> 16)) >>> 0;
}

function hashOf(name: string): number {
  return Array.from(name).reduce((hash, character) => mixed(hash + character.charCodeAt(0)), name.length);
}
