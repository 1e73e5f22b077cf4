import { readings } from '#src/authority/index.js';

/** Where accounts live on a device. @see OMA DM StdObj 1.2 § 5.3.1 */
const accountRoot = 'DMAcc';
const mayName = /DMAcc|%/;

/**
 * Whether a URI leads to an account, read as generously as the most lenient device might: empty and dot segments,
 * percent-encoding, a way up and down again.
 */
export function isAccountUri(...parts: readonly (string | undefined)[]): boolean {
  const path = parts.map((part) => part?.split('?')[0] ?? '').join('/');
  // Asked for every Item that passes; no reading puts the name together out of anything else.
  if (!mayName.test(path)) return false;
  return readings.some((read) => read(path)[0] === accountRoot);
}
