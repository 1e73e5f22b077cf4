import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PosternError } from '#src/base/index.js';
import type { ClientAlert } from '#src/dm/client/index.js';
import type { TreeState } from '#src/dm/tree/index.js';
import { openStateDirectory, writePrivateFile } from '#src/security/index.js';

/** The last message that was sent, to be repeated byte for byte. */
export interface SentMessage {
  readonly url: string;
  readonly contentType: string;
  /** Base64. */
  readonly body: string;
  /** SHA-256 of the answer's body, hex; absent while there is none. */
  readonly answer?: string;
}

/** Everything that the device keeps. The tree holds the account, and with it both nonces (AAuthData). */
export interface KeptState {
  readonly version: 1;
  /** The DevId. */
  readonly id: string;
  /** SHA-256 of the bootstrap document that it has taken, hex. */
  readonly bootstrap?: string;
  readonly tree: TreeState;
  /** Sessions begun: what SessionIDs are made of. */
  readonly sessions: number;
  /** Reports made: what their refs are made of. */
  readonly reports: number;
  /** Reports that no server has taken yet. */
  readonly alerts: readonly ClientAlert[];
  readonly last?: SentMessage;
}

/** Where the state is kept. */
export interface StateFile {
  /** @throws PosternError `device.state` for what is no state */
  read(): KeptState | undefined;
  /** Durable on return. */
  write(state: KeptState): void;
}

/** `device.json` in a directory (0700) that is made if it is missing. @throws PosternError `security.state-directory`, `security.file-exposed` */
export function openStateFile(directory: string): StateFile {
  const file = join(openStateDirectory({ env: { STATE_DIRECTORY: directory } }), 'device.json');
  return {
    read: () => parseState(file, readIfThere(file)),
    write: (state) => writePrivateFile(file, JSON.stringify(state)),
  };
}

/** A state that ends with the process. */
export function stateInMemory(): StateFile {
  let kept: KeptState | undefined;
  return {
    read: () => kept,
    write(state) {
      kept = state;
    },
  };
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new PosternError('device.state', { file, what: (error as Error).message }, { cause: error });
  }
}

function parseState(file: string, text: string | undefined): KeptState | undefined {
  if (text === undefined) return undefined;
  try {
    const state = JSON.parse(text) as KeptState;
    if (state.version === 1) return state;
  } catch (cause) {
    throw new PosternError('device.state', { file, what: 'it is not JSON' }, { cause });
  }
  throw new PosternError('device.state', { file, what: 'it is of another version' });
}
