import type { Milliseconds, Timer } from '#src/base/index.js';
import { factsOf } from './clean-sighting.js';
import type { PresenceState, Sighted, Way, WaySeen } from './ports.js';
import type { Sighting } from './sighting.js';

/** Flash wears: what a device that was seen a moment ago says now is not worth a write. */
const writeInterval: Milliseconds = 60_000;

/** What the clock shows: its two times. */
export interface Moment {
  /** Milliseconds since 1970. */
  readonly now: Milliseconds;
  readonly monotonic: Milliseconds;
}

/** One device as the ways of discovery see it now, of which the store has what is worth a write. */
export class Watch {
  presence: PresenceState;
  timer: Timer | undefined;
  #sighted: Sighted;
  /** When each way heard of it last, or of its leaving; monotonic. */
  readonly #heard = new Map<Way, Milliseconds>();
  #writtenAt: Milliseconds | undefined;
  #isUnwritten = false;

  /** What was kept counts as heard now: whoever promised to be heard again gets the whole time. */
  constructor(presence: PresenceState, sighted: Sighted | undefined, { monotonic }: Moment) {
    this.presence = presence;
    this.#sighted = sighted ?? { facts: {}, ways: {} };
    for (const [way] of this.#ways()) this.#heard.set(way, monotonic);
  }

  get sighted(): Sighted {
    return this.#sighted;
  }

  /** What is seen when it has left by every way. */
  get left(): Sighted {
    return { ...this.#sighted, ways: Object.fromEntries(this.#ways().map(([way, seen]) => [way, { ...seen, gone: true }])) };
  }

  /** From when on nothing speaks for its being there; infinite where a way sees it that has promised nothing, or none ever has. Monotonic. */
  get endsAt(): Milliseconds {
    const ends = this.#ways().map(([way, { heartbeat, gone }]) => {
      const heard = this.#heard.get(way) ?? 0;
      if (gone) return heard;
      return heartbeat === undefined ? Number.POSITIVE_INFINITY : heard + heartbeat;
    });
    return ends.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...ends);
  }

  /** Whether a way of discovery sees it. */
  isThere({ monotonic }: Moment): boolean {
    return this.#ways().length > 0 && this.endsAt > monotonic;
  }

  see(sighting: Sighting, by: Way, { now, monotonic }: Moment): void {
    const { heartbeat } = sighting;
    this.#heard.set(by, monotonic);
    this.#become({
      facts: { ...this.#sighted.facts, ...factsOf(sighting) },
      ways: { ...this.#sighted.ways, [by]: { at: now, ...(heartbeat === undefined ? {} : { heartbeat }) } },
    });
  }

  /** False where this way has not seen it, or knows already that it left. */
  leave(by: Way, { monotonic }: Moment): boolean {
    const seen = this.#sighted.ways[by];
    if (seen === undefined || seen.gone) return false;
    this.#heard.set(by, monotonic);
    this.#become({ ...this.#sighted, ways: { ...this.#sighted.ways, [by]: { ...seen, gone: true } } });
    return true;
  }

  /** It has proved that it is there: what promised to hear it again has heard it, and a goodbye before counts no more. */
  contact({ monotonic }: Moment): void {
    const present = this.#ways().filter(([, { gone }]) => !gone);
    for (const [way] of present) this.#heard.set(way, monotonic);
    if (present.length < this.#ways().length) this.#become({ ...this.#sighted, ways: Object.fromEntries(present) });
  }

  /** What is to be written now, if anything; it then counts as written. @param atOnce also what could wait */
  takeUnwritten({ monotonic }: Moment, atOnce = false): Sighted | undefined {
    const isRecent = this.#writtenAt !== undefined && monotonic - this.#writtenAt < writeInterval;
    if (!this.#isUnwritten || (isRecent && !atOnce)) return undefined;
    this.#isUnwritten = false;
    this.#writtenAt = monotonic;
    return this.#sighted;
  }

  #become(sighted: Sighted): void {
    this.#sighted = sighted;
    this.#isUnwritten = true;
  }

  #ways(): [Way, WaySeen][] {
    return Object.entries(this.#sighted.ways) as [Way, WaySeen][];
  }
}
