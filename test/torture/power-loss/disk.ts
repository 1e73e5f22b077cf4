import { folderItself, type TracedEvent } from './trace.js';

/** What lies on a disk, by name. */
export type Image = ReadonlyMap<string, Buffer>;

/** The unit that a disk writes whole or not at all, in bytes. */
const sector = 512;

/**
 * A disk that holds for certain only what it was asked to hold: bytes by a sync of their file, names by one of their folder. What else was
 * written may be there after a power loss or not, sector by sector and in any order.
 */
export class Disk {
  readonly #files = new Names();

  /** Takes the event that stands at this place in the trace. */
  apply(event: TracedEvent, at: number): void {
    switch (event.kind) {
      case 'create':
        return this.#files.change(at, (names) => void names.set(event.name, new File()));
      case 'write':
        return this.#files.now.get(event.name)?.write(at, event.at, event.bytes);
      case 'truncate':
        return this.#files.now.get(event.name)?.truncate(at, event.size);
      case 'rename':
      case 'link':
        return this.#files.move(at, event.from, event.name, event.kind === 'link');
      case 'remove':
        return this.#files.change(at, (names) => void names.delete(event.name));
      case 'sync':
        if (event.name === folderItself) this.#files.sync(event.began);
        else this.#files.now.get(event.name)?.sync(event.began);
        return;
      case 'send':
    }
  }

  /** What is there for certain. */
  certain(): Image {
    return new Map([...this.#files.certain].map(([name, file]) => [name, file.certain()]));
  }

  /** One of the many things that may be there: which sectors, and how many of the latest names, `below` decides. */
  possible(below: (end: number) => number): Image {
    return new Map([...this.#files.possible(below)].map(([name, file]) => [name, file.possible(below)]));
  }
}

/** The names of a folder. A file system keeps the order of what it does to them. */
class Names {
  now: ReadonlyMap<string, File> = new Map();
  certain: ReadonlyMap<string, File> = new Map();
  /** What they came to, each time that one changed. */
  #pending: { readonly at: number; readonly names: ReadonlyMap<string, File> }[] = [];

  change(at: number, change: (names: Map<string, File>) => void): void {
    const names = new Map(this.now);
    change(names);
    this.now = names;
    this.#pending.push({ at, names });
  }

  move(at: number, from: string, to: string, stays: boolean): void {
    this.change(at, (names) => {
      const file = names.get(from);
      if (file === undefined) return;
      names.set(to, file);
      if (!stays) names.delete(from);
    });
  }

  sync(began: number): void {
    this.certain = this.#pending.findLast(({ at }) => at < began)?.names ?? this.certain;
    this.#pending = this.#pending.filter(({ at }) => at >= began);
  }

  possible(below: (end: number) => number): ReadonlyMap<string, File> {
    return this.#pending[below(this.#pending.length + 1) - 1]?.names ?? this.certain;
  }
}

interface PendingWrite {
  readonly at: number;
  readonly start: number;
  readonly bytes: Buffer;
}

/** Bytes, and how many. */
class Content {
  #bytes = Buffer.alloc(0);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  write(start: number, bytes: Buffer): void {
    const end = start + bytes.length;
    if (end > this.#bytes.length)
      this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(Math.max(end, this.#bytes.length * 2) - this.#bytes.length)]);
    bytes.copy(this.#bytes, start);
    this.#size = Math.max(this.#size, end);
  }

  truncate(size: number): void {
    this.#bytes.fill(0, size);
    this.#size = size;
  }

  copy(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.#size));
  }
}

class File {
  readonly #certain = new Content();
  #pending: (PendingWrite | { readonly at: number; readonly size: number })[] = [];
  #length = 0;

  write(at: number, start: number = this.#length, bytes: Buffer): void {
    this.#pending.push({ at, start, bytes });
    this.#length = Math.max(this.#length, start + bytes.length);
  }

  truncate(at: number, size: number): void {
    this.#pending.push({ at, size });
    this.#length = size;
  }

  sync(began: number): void {
    for (const change of this.#pending.filter(({ at }) => at < began)) {
      if ('size' in change) this.#certain.truncate(change.size);
      else this.#certain.write(change.start, change.bytes);
    }
    this.#pending = this.#pending.filter(({ at }) => at >= began);
  }

  certain(): Buffer {
    return this.#certain.copy();
  }

  possible(below: (end: number) => number): Buffer {
    const content = new Content();
    content.write(0, this.#certain.copy());
    for (const change of this.#pending) {
      if ('size' in change) {
        if (below(2) === 0) content.truncate(change.size);
      } else for (const part of sectorsOf(change)) if (below(2) === 0) content.write(part.start, part.bytes);
    }
    return content.copy();
  }
}

/** A write, cut where the sectors of the disk begin. */
function sectorsOf({ start, bytes }: PendingWrite): { start: number; bytes: Buffer }[] {
  const parts = [];
  for (let from = 0; from < bytes.length; ) {
    const to = Math.min(bytes.length, from + sector - ((start + from) % sector));
    parts.push({ start: start + from, bytes: bytes.subarray(from, to) });
    from = to;
  }
  return parts;
}
