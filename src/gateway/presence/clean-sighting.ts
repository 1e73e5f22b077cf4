import { isIP } from 'node:net';
import type { SightedFacts } from './ports.js';
import type { Sighting } from './sighting.js';

/** The longest DevId that is taken, in characters. */
const longestId = 128;
/** What a device says of itself is shown to people, not acted on. */
const longestFact = 64;
/** A promise to be heard again within a shorter or a longer time is taken for this. */
const heartbeats = { least: 1_000, most: 30 * 86_400_000 };

/** A sighting without what nobody should have to look at; undefined where it names no device. */
export function cleanSighting(sighting: Sighting): Sighting | undefined {
  const id = cleanDevId(sighting.id);
  if (id === undefined) return undefined;
  const { by, heartbeat } = sighting;
  const promised = heartbeat !== undefined && Number.isFinite(heartbeat);
  return {
    id,
    by,
    ...factsOf(sighting),
    ...(promised ? { heartbeat: Math.min(Math.max(Math.round(heartbeat), heartbeats.least), heartbeats.most) } : {}),
  };
}

/** A URN in printable ASCII; hexadecimal ones in lower case, so that every way of discovery says the same. */
export function cleanDevId(id: string): string | undefined {
  if (id.length > longestId || !/^urn:[\x21-\x7e]+$/i.test(id)) return undefined;
  return /^urn:(?:uuid|dev:mac):/i.test(id) ? id.toLowerCase() : id;
}

/** What a sighting says of the device, without how it was made. */
export function factsOf({ name, address, manufacturer, model, firmware }: Sighting): SightedFacts {
  const texts = Object.entries({ name, manufacturer, model, firmware }).flatMap(([fact, said]) => {
    const clean = said === undefined ? '' : cleanText(said);
    return clean === '' ? [] : [[fact, clean]];
  });
  return { ...Object.fromEntries(texts), ...(address !== undefined && isIP(address) !== 0 ? { address } : {}) };
}

/** One line without control, format and unassigned characters. */
function cleanText(said: string): string {
  const oneLine = said.slice(0, 4 * longestFact).replace(/\s+/gu, ' ');
  return [...oneLine.replace(/\p{C}/gu, '').trim()].slice(0, longestFact).join('').trim();
}
