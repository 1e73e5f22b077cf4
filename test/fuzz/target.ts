import type { Grammar } from './grammar.js';
import { mutator } from './mutate.js';
import { randomOf } from './random.js';

/** Something that reads what strangers send. */
export interface FuzzTarget {
  readonly name: string;
  /** Its part of all inputs of a run. */
  readonly share: number;
  readonly grammar: Grammar;
  /** After how many inputs it shows whether the heap grows, where they are slow; absent: as for all. */
  readonly leastForHeap?: number;
  /** Throws when the input did what no input may; an expected refusal is none. */
  check(input: Buffer): void | Promise<void>;
  close?(): Promise<void>;
}

/** The inputs of a target by their index, the same ones for the same seed. */
export function inputsOf({ name, grammar }: Pick<FuzzTarget, 'name' | 'grammar'>, seed: number): (index: number) => Buffer {
  const mutated = mutator(grammar);
  return (index) => mutated(randomOf(seed, name, index));
}
