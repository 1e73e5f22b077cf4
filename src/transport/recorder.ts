import { mkdirSync, readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Log, PosternError } from '#src/base/index.js';
import { encodeHead, type HttpMessage } from './http/http-message.js';

/** Towards the devices, or towards the DM servers. */
export type Leg = 'south' | 'north';
export type MessageKind = 'request' | 'response';

/** Where one leg's endpoint or client leaves its messages. */
export interface LegRecorder {
  record(kind: MessageKind, message: HttpMessage): void;
}

export interface Recorder {
  leg(leg: Leg): LegRecorder;
  /** Resolves when everything recorded so far has been written, or could not be. */
  written(): Promise<void>;
}

/**
 * Writes every complete message to a file of its own, `NNNN-<leg>-<request|response>.http` (0600): start line and fields as on the
 * wire (decrypted), an empty line, the body unchunked. NNNN rises in the order of time, and goes on where an earlier run stopped.
 * What cannot be written is logged and never stops the traffic. The files hold credentials: they are evidence, not a log.
 * @throws PosternError `wire.recorder` when the directory cannot be made or read
 */
export function createRecorder(directory: string, log: Log): Recorder {
  let sequence = prepare(directory);
  log.warn({ directory }, 'every message is recorded, with the credentials in it');
  let writes: Promise<void> = Promise.resolve();
  const record = (leg: Leg, kind: MessageKind, message: HttpMessage) => {
    sequence += 1;
    const file = join(directory, `${String(sequence).padStart(4, '0')}-${leg}-${kind}.http`);
    const bytes = Buffer.concat([encodeHead(message.startLine, message.fields), message.body]);
    writes = writes.then(() => write(file, bytes, log));
  };
  return {
    leg: (leg) => ({ record: (kind, message) => record(leg, kind, message) }),
    written: () => writes,
  };
}

/** Makes the directory (0700) and returns the highest number in it. */
function prepare(directory: string): number {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const numbers = readdirSync(directory).map((name) => Number(/^(\d{4,})-(?:south|north)-/.exec(name)?.[1] ?? 0));
    return numbers.reduce((highest, number) => Math.max(highest, number), 0);
  } catch (error) {
    throw new PosternError('wire.recorder', { directory, why: (error as Error).message }, { cause: error });
  }
}

async function write(file: string, bytes: Uint8Array, log: Log): Promise<void> {
  try {
    await writeFile(file, bytes, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    log.error({ file, err: error }, 'a message could not be recorded');
  }
}
