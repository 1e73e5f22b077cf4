import type { Sighting, Sightings } from '#src/gateway/index.js';

/** Keeps what is told of devices. */
export class SightingsKept implements Sightings {
  readonly all: Sighting[] = [];
  readonly left: string[] = [];

  seen(sighting: Sighting): void {
    this.all.push(sighting);
  }

  gone(id: string): void {
    this.left.push(id);
  }

  get ids(): string[] {
    return this.all.map(({ id }) => id);
  }
}
