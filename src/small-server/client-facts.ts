import type { Item } from '#src/dm/syncml/index.js';
import type { ClientFacts } from './ports.js';

/** A client may say anything: it is shown, not acted on, and what is too much is cut. */
const maxFacts = 32;
const maxNameLength = 64;
const maxFactLength = 256;

/** Reads the DevInfo of a package 1 or a Replace, by the names of its leaves. @see OMA DM StdObj 1.2 § 5.3 */
export function readFacts(devInfo: readonly Item[]): ClientFacts {
  const facts = devInfo.flatMap(({ Source, Target, Data }) => {
    const name = /(?:^|\/)DevInfo\/([^?]+)$/.exec(Source?.LocURI ?? Target?.LocURI ?? '')?.[1];
    const known = name !== undefined && name.length <= maxNameLength && typeof Data === 'string';
    return known ? [[name, Data.slice(0, maxFactLength)] as const] : [];
  });
  return Object.fromEntries(facts.slice(0, maxFacts));
}
