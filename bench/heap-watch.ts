import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const patience = 30_000;

/** What a gateway holds once its garbage is collected; it is started with something that tells on SIGUSR2. */
export class HeapWatch {
  readonly #file: string;

  /** @param folder one that the gateway may write to */
  constructor(folder: string) {
    this.#file = path.join(folder, 'heap.json');
  }

  /** What node is started with. */
  get flags(): readonly string[] {
    const program = `
      import { renameSync, writeFileSync } from 'node:fs';
      const file = ${JSON.stringify(this.#file)};
      const tell = () => {
        gc();
        writeFileSync(file + '.part', JSON.stringify(process.memoryUsage()));
        renameSync(file + '.part', file);
      };
      process.on('SIGUSR2', () => { gc(); setTimeout(tell, 100); });
    `;
    return ['--expose-gc', '--import', `data:text/javascript,${encodeURIComponent(program)}`];
  }

  /** KiB in its heap and in buffers beside it. @throws Error when it says nothing within 30 s */
  async read(pid: number): Promise<number> {
    rmSync(this.#file, { force: true });
    process.kill(pid, 'SIGUSR2');
    for (const end = performance.now() + patience; !existsSync(this.#file); await pause(20)) {
      if (performance.now() > end) throw new Error('the gateway does not say what it holds');
    }
    const { heapUsed, external } = JSON.parse(readFileSync(this.#file, 'utf8')) as NodeJS.MemoryUsage;
    return (heapUsed + external) / 1024;
  }
}
