import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The folder of one play, only for us; it goes with it. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'postern-demo-'));
  readonly #remove = () => rmSync(this.path, { recursive: true, force: true });

  constructor() {
    // Passwords lie in it: it goes too where the play is cut off.
    process.on('exit', this.#remove);
  }

  /** Writes a file, 0600. @returns its path */
  write(name: string, text: string): string {
    const file = join(this.path, name);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  }

  /** Makes a folder, 0700. @returns its path */
  place(name: string): string {
    const place = join(this.path, name);
    mkdirSync(place, { mode: 0o700 });
    return place;
  }

  remove(): void {
    process.off('exit', this.#remove);
    this.#remove();
  }
}
