import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The folder of one play, only for us; it goes with it. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'postern-demo-'));

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
    rmSync(this.path, { recursive: true, force: true });
  }
}
