import type { Polling } from '#src/gateway/index.js';

/** A polling policy as its column has it: a word, or milliseconds in digits. */
export function parsePolling(text: string): Polling {
  return text === 'always' || text === 'never' ? text : Number(text);
}
