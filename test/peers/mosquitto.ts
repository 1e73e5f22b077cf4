import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Identity } from '../security/pki.js';
import { whyNoPrograms } from './debian.js';

/** Why there is no Mosquitto here, or undefined: then there is. */
export function whyNoMosquitto(): string | undefined {
  return whyNoPrograms(['mosquitto'], ['mosquitto']);
}

export interface MosquittoOptions {
  /** A folder of its own. */
  readonly folder: string;
  readonly listen?: string;
  readonly port: number;
  /** Absent: it speaks plain MQTT. */
  readonly identity?: Identity;
  /** Starts it; absent: as a program of this machine. */
  readonly start?: (command: string, args: readonly string[]) => ChildProcess;
}

/** The MQTT broker of Debian, as an operator would run it; its sessions are in memory. */
export class Mosquitto {
  /** Everything that it said. */
  readonly said: string[] = [];
  readonly #process: ChildProcess;
  readonly #watchers = new Set<() => void>();

  private constructor(child: ChildProcess) {
    this.#process = child;
    createInterface({ input: child.stderr as Readable }).on('line', (line) => {
      this.said.push(line);
      for (const look of [...this.#watchers]) look();
    });
    child.once('exit', () => {
      for (const look of [...this.#watchers]) look();
    });
  }

  /** Resolves when it listens. */
  static async start(options: MosquittoOptions): Promise<Mosquitto> {
    const args = ['-v', '-c', writeConfig(options)];
    const start =
      options.start ?? ((command: string, given: readonly string[]) => spawn(command, given, { stdio: 'pipe', env: withSbin() }));
    const broker = new Mosquitto(start('mosquitto', args));
    await broker.says(/ running$/);
    return broker;
  }

  /** Resolves when it has said something like this, from the line `after` on. */
  async says(pattern: RegExp, after = 0): Promise<void> {
    while (!this.said.slice(after).some((line) => pattern.test(line))) {
      if (this.#process.exitCode !== null) throw new Error(`mosquitto has ended: ${this.said.join('\n')}`);
      await this.#next();
    }
  }

  #next(): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
    });
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
  }
}

/** A port of the loopback address that was free just now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Debian keeps it where only root looks. */
function withSbin(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin` };
}

/** What it reads belongs to whom it runs as, which need not be us. */
function writeConfig({ folder, listen = '127.0.0.1', port, identity }: MosquittoOptions): string {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, content: string) => {
    const file = join(folder, name);
    writeFileSync(file, content);
    chmodSync(file, 0o644);
    return file;
  };
  const tls = identity
    ? [`certfile ${write('broker.pem', identity.certificate)}`, `keyfile ${write('broker.key', identity.key)}`, 'tls_version tlsv1.2']
    : [];
  // As root it would become a user of its own, who may not read our folder.
  const lines = [
    'user root',
    `listener ${port} ${listen}`,
    ...tls,
    'allow_anonymous true',
    'log_dest stderr',
    'log_type all',
    'persistence false',
  ];
  return write('mosquitto.conf', `${lines.join('\n')}\n`);
}
