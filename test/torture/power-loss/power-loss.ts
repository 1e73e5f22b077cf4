import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '../../e2e/seeded-random.js';
import { Disk, type Image } from './disk.js';
import { readKept } from './kept.js';
import { type Ack, type Recording, record } from './record.js';

export interface PowerLossOptions {
  /** What was written and not synced is there or not as it says. */
  readonly seed: number;
  readonly devices: number;
  /** Of each device. */
  readonly sessions: number;
  /** Cuts between the syncs. */
  readonly torn: number;
}

/** What the cuts came to; `lost` and `unsound` ought to be empty. */
export interface PowerLossOutcome {
  /** Cuts at a sync: what was synced by then is there, and nothing else. */
  readonly atSyncs: number;
  /** Cuts just before an acknowledgement leaves, with what was synced by then and nothing else. */
  readonly atAcks: number;
  /** Cuts anywhere, with some of the sectors and names that were not synced. */
  readonly torn: number;
  readonly acks: number;
  /** Acknowledged before a cut, and not there after it. */
  readonly lost: readonly string[];
  /** State that does not open, and why. */
  readonly unsound: readonly string[];
}

/**
 * Power loss, simulated: the gateway's own writes and syncs are written down while it runs, and replayed up to each sync, up to each
 * acknowledgement, and up to anywhere with the unsynced part torn. Each time the store opens what then lies on the disk.
 */
export async function powerLoss({ seed, devices, sessions, torn }: PowerLossOptions): Promise<PowerLossOutcome> {
  const recording = await record({ devices, sessions });
  return new Replay(recording, seededRandom(seed)).run(torn);
}

/** More of the lost would say the same. */
const mostTold = 20;

class Replay {
  readonly #recording: Recording;
  readonly #below: (end: number) => number;
  readonly #folder = mkdtempSync(join(tmpdir(), 'postern-power-'));
  readonly #lost: string[] = [];
  readonly #unsound: string[] = [];

  constructor(recording: Recording, below: (end: number) => number) {
    this.#recording = recording;
    this.#below = below;
  }

  run(torn: number): PowerLossOutcome {
    const { events, acks } = this.#recording;
    const places = new Set(acks.map(({ at }) => at));
    const anywhere = Array.from({ length: torn }, () => this.#below(events.length));
    const disk = new Disk();
    let atSyncs = 0;
    try {
      for (const [at, event] of events.entries()) {
        if (places.has(at)) this.#cut(disk.certain(), at + 1, 'at an acknowledgement');
        disk.apply(event, at);
        if (event.kind === 'sync') {
          atSyncs += 1;
          this.#cut(disk.certain(), at, 'at a sync');
        }
        for (const place of anywhere) if (place === at) this.#cut(disk.possible(this.#below), at, 'between syncs');
      }
    } finally {
      rmSync(this.#folder, { recursive: true });
    }
    return { atSyncs, atAcks: places.size, torn, acks: acks.length, lost: this.#lost, unsound: this.#unsound };
  }

  /** Acknowledged is what left before the event `before`. */
  #cut(image: Image, before: number, where: string): void {
    const directory = mkdtempSync(join(this.#folder, 'cut-'));
    for (const [name, bytes] of image) writeFileSync(join(directory, name), bytes, { mode: 0o600 });
    // Of what the store shares with itself in memory a power loss leaves anything.
    if (image.has('gateway.db')) writeFileSync(join(directory, 'gateway.db-shm'), Buffer.alloc(32_768, this.#below(256)), { mode: 0o600 });
    try {
      const kept = readKept(directory);
      const expected = this.#recording.acks.filter(({ at }: Ack) => at < before);
      for (const { what, isIn } of expected)
        if (!isIn(kept) && this.#lost.length < mostTold) this.#lost.push(`${what}, cut ${where}, event ${before}`);
    } catch (error) {
      this.#unsound.push(`cut ${where}, event ${before}: ${error instanceof Error ? error.message : String(error)}`);
    }
    rmSync(directory, { recursive: true });
  }
}
