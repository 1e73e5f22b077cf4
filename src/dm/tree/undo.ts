import type { Undo } from './node.js';

export const noChange: Undo = () => {};

/** Makes changes one after the other; when one fails, those before it are taken back and its error goes on. */
export function changeAll(changes: Iterable<() => Undo>): Undo {
  const done: Undo[] = [];
  const undo = () => {
    for (const step of done.toReversed()) step();
  };
  try {
    for (const change of changes) done.push(change());
  } catch (error) {
    undo();
    throw error;
  }
  return undo;
}
