import type { DeviceFacts, DeviceSummary } from '../ports.js';
import type { WaySeen } from './ports.js';
import type { SightedBy } from './sighting.js';

/** What is shown of a device: what it has proved, and where it has proved nothing what was seen. Never to be acted on. */
export function shownFacts({ facts, sighted }: DeviceSummary): DeviceFacts {
  const { name: _, ...seen } = sighted?.facts ?? {};
  return { ...seen, ...facts };
}

/** What people call it, else what it calls itself. */
export function shownName({ name, sighted }: DeviceSummary): string | undefined {
  return name ?? sighted?.facts.name;
}

/** By what it was noticed, and has not left since. */
export function seenBy({ lastContact, sighted }: DeviceSummary): SightedBy[] {
  const ways = Object.entries(sighted?.ways ?? {}).flatMap(([way, { gone }]) => (gone ? [] : [way as SightedBy]));
  return lastContact === undefined ? ways : ['session', ...ways];
}

/** When it was noticed last, by whatever way, to about a minute; in milliseconds since 1970. */
export function lastSeen({ lastContact, sighted }: DeviceSummary): number | undefined {
  const ways: readonly WaySeen[] = Object.values(sighted?.ways ?? {});
  const times = [...(lastContact === undefined ? [] : [lastContact]), ...ways.map(({ at }) => at)];
  return times.length === 0 ? undefined : Math.max(...times);
}
