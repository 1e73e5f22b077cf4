import { PosternError } from '#src/base/index.js';
import type { Item } from '#src/dm/syncml/index.js';

const mostResults = 4_194_304;
const resultCost = 128;

/**
 * What the Results of all commands of one message may come to together, in characters plus 128 for each: a message can ask for the
 * same long list a thousand times. The Get that goes beyond it is answered, those after it are not.
 */
export class ResultRoom {
  #left: number;

  constructor(characters = mostResults) {
    this.#left = characters;
  }

  /** @throws PosternError `tree.too-many-results` (413) */
  require(): void {
    if (this.#left <= 0) throw new PosternError('tree.too-many-results');
  }

  take(results: readonly Item[]): void {
    for (const item of results) this.#left -= resultCost + lengthOf(item);
  }
}

function lengthOf({ Source, Data = '' }: Item): number {
  return (Source?.LocURI.length ?? 0) + (typeof Data === 'object' ? Data.markup : Data).length;
}
