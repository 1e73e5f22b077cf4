import type { Item } from '#src/dm/syncml/index.js';
import type { DeviceFacts, DeviceSummary } from './ports.js';

/** DevInfo leaf → what the inventory calls it. @see OMA DM StdObj 1.2 § 5.2 */
const factOf = { Man: 'manufacturer', Mod: 'model', DmV: 'dmVersion', Lang: 'language' } as const;
/** A fact longer than this is cut: it is shown, not acted on. */
const maxFactLength = 256;

/** Reads the DevInfo of a package 1 or a Replace. */
export function readFacts(devInfo: readonly Item[], address: string): DeviceFacts {
  const facts: Record<string, string> = { address };
  for (const item of devInfo) {
    const leaf = devInfoLeaf(item) as keyof typeof factOf | undefined;
    const fact = leaf === undefined ? undefined : factOf[leaf];
    if (fact !== undefined && typeof item.Data === 'string') facts[fact] = item.Data.slice(0, maxFactLength);
  }
  return facts;
}

function devInfoLeaf({ Source, Target }: Item): string | undefined {
  const uri = Source?.LocURI ?? Target?.LocURI ?? '';
  return /(?:^|\/)DevInfo\/([^/?]+)$/.exec(uri)?.[1];
}

/** The device's own DevInfo for a server: what it says of itself passes untouched. */
export function devInfoFor(device: DeviceSummary, devInfo: readonly Item[]): readonly Item[] {
  const said = devInfo.filter((item) => devInfoLeaf(item) !== undefined);
  return said.length === 0 ? rememberedDevInfo(device) : said.map(asSource);
}

/** Some devices name the leaf as Target; package 1 names it as Source. @see OMA DM Protocol 1.2 § 8.3 */
function asSource({ Target, ...item }: Item): Item {
  const LocURI = item.Source?.LocURI ?? Target?.LocURI ?? '';
  return { ...item, Source: { LocURI } };
}

/** DevInfo of a device that is not there to say it, from what it said last. */
export function rememberedDevInfo({ id, facts }: DeviceSummary): readonly Item[] {
  const leaves = {
    DevId: id,
    Man: facts.manufacturer ?? 'unknown',
    Mod: facts.model ?? 'unknown',
    DmV: facts.dmVersion ?? '1.2',
    Lang: facts.language ?? 'en',
  };
  return Object.entries(leaves).map(([leaf, Data]) => ({
    Source: { LocURI: `./DevInfo/${leaf}` },
    Meta: { Format: 'chr', Type: 'text/plain' },
    Data,
  }));
}
